//! Lists in Slint, changed in place: a tile that is replaced while a finger is on it would
//! lose the touch.

use slint::{Model, ModelRc, VecModel};

/// `current` with the rows of `rows`; a new list only where there was none.
pub(crate) fn refresh<T: Clone + PartialEq + 'static>(
    current: ModelRc<T>,
    rows: Vec<T>,
) -> ModelRc<T> {
    let Some(list) = current.as_any().downcast_ref::<VecModel<T>>() else {
        return ModelRc::new(VecModel::from(rows));
    };
    while list.row_count() > rows.len() {
        list.remove(list.row_count() - 1);
    }
    for (i, row) in rows.into_iter().enumerate() {
        match list.row_data(i) {
            Some(old) if old == row => {}
            Some(_) => list.set_row_data(i, row),
            None => list.push(row),
        }
    }
    current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_changed_in_place() {
        let first = refresh(ModelRc::default(), vec![1, 2, 3]);
        let again = refresh(first.clone(), vec![1, 5]);
        assert!(first == again);
        assert_eq!(again.iter().collect::<Vec<_>>(), [1, 5]);
    }
}
