//! The page on which staff take a number for somebody (*lấy số hộ*).

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use queue::{ClassId, Office};

use super::App;
use super::place::escaped;
use super::problem::Problem;
use super::staff;

/// The page, with the office's classes: they are on no public state.
pub(super) async fn page(State(app): State<App>, headers: HeaderMap) -> Response {
    let classes = app.engine.read(|view| view.state.office().map(classes));
    match classes.await {
        Ok(classes) => {
            let html = include_str!("pages/help.html");
            let html = html.replace("{{classes}}", &classes.unwrap_or_default());
            staff::show(&app, &headers, "/help", &html)
        }
        Err(failure) => Problem::from(failure).into_response(),
    }
}

/// One choice for each class that a number can be taken in.
fn classes(office: &Office) -> String {
    let mut choices = String::new();
    let mut choice = |id: &str, vi: &str, en: &str| {
        let checked = match id == ClassId::Normal.as_str() {
            true => " checked",
            false => "",
        };
        let (id, vi, en) = (escaped(id), escaped(vi), escaped(en));
        // Writing to a string does not fail.
        let _ = write!(
            choices,
            "<label><input type=\"radio\" name=\"class\" value=\"{id}\"{checked}><span data-vi=\"{vi}\" data-en=\"{en}\">{vi}</span></label>"
        );
    };
    choice(ClassId::Normal.as_str(), "Bình thường", "Normal");
    choice(ClassId::Appointment.as_str(), "Có hẹn", "Appointment");
    for class in &office.classes {
        let said = |before, language| format!("{before}: {}", class.name.get(language));
        choice(&class.id, &said("Ưu tiên", "vi"), &said("Priority", "en"));
    }
    choices
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::Config;

    #[test]
    fn every_class_of_the_office_can_be_chosen_and_the_first_is_normal() {
        let mut office = Config::load(None).unwrap().office;
        office.classes[0].id = "priority".into();
        office.classes[0].name = queue::Text::vi("người \"cao\" tuổi");
        let html = classes(&office);
        let values = html.split("value=\"").skip(1);
        let values: Vec<_> = values.map(|v| v.split('"').next().unwrap()).collect();
        assert_eq!(values[..3], ["normal", "appointment", "priority"]);
        assert_eq!(html.matches(" checked").count(), 1);
        assert!(
            html.contains("Ưu tiên: người &quot;cao&quot; tuổi"),
            "{html}"
        );
    }
}
