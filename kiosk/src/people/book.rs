//! The list of people: names and hashes, in the data folder and not in the journal.

use queue::{PersonChange, StaffRole};
use serde::{Deserialize, Serialize};

use super::sessions::Who;
use crate::tokens::hash;

/// Far more than work in an office.
const PEOPLE_MAX: usize = 500;
/// Longest name, in characters.
const NAME_MAX: usize = 80;

/// Who may sign in.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    /// A number, never given out twice.
    pub id: String,
    /// As colleagues know them.
    pub name: String,
    /// What they may do.
    pub role: StaffRole,
    /// Argon2id, with salt and parameters.
    pub pin: String,
}

impl Person {
    /// As whom they sign in: a session does not outlive its PIN.
    pub fn who(&self) -> Who {
        Who::Person {
            id: self.id.clone(),
            pin: hash(&self.pin),
        }
    }
}

/// Everybody.
#[derive(Clone, Serialize, Deserialize)]
pub struct Book {
    next: u64,
    /// Shown by a browser in which somebody has signed in before: it may list the names.
    pub browser: String,
    people: Vec<Person>,
}

/// Why the list cannot be changed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No such person.
    Unknown,
    /// Nobody could manage people any more.
    LastAdmin,
    /// A name is 1 to 80 characters.
    Name,
    /// No more people fit.
    Full,
}

/// A list as it is to be, and what the record says of it.
pub struct Plan {
    pub(super) book: Book,
    pub(super) person: String,
    pub(super) change: PersonChange,
}

impl Book {
    /// Nobody yet.
    pub fn new(browser: String) -> Self {
        Self {
            next: 1,
            browser,
            people: Vec::new(),
        }
    }

    /// Everybody, in the order of their ids.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// A person.
    pub fn find(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Somebody new.
    pub fn add(&self, name: &str, role: StaffRole, pin: String) -> Result<Option<Plan>, Wrong> {
        let name = name.trim();
        if !(1..=NAME_MAX).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(Wrong::Name);
        }
        if self.people.len() >= PEOPLE_MAX {
            return Err(Wrong::Full);
        }
        let mut book = self.clone();
        let id = book.next.to_string();
        book.next += 1;
        book.people.push(Person {
            id: id.clone(),
            name: name.to_owned(),
            role,
            pin,
        });
        Ok(Some(Plan {
            book,
            person: id,
            change: PersonChange::Added { role },
        }))
    }

    /// Other rights; `None`: they have them already.
    pub fn set_role(&self, id: &str, role: StaffRole) -> Result<Option<Plan>, Wrong> {
        let old = self.find(id).ok_or(Wrong::Unknown)?.role;
        if old == role {
            return Ok(None);
        }
        let plan = self.changed(id, PersonChange::RoleChanged { role }, |p| p.role = role);
        plan.with_an_admin()
    }

    /// Another PIN.
    pub fn set_pin(&self, id: &str, pin: String) -> Result<Option<Plan>, Wrong> {
        self.find(id).ok_or(Wrong::Unknown)?;
        Ok(Some(
            self.changed(id, PersonChange::PinChanged, |p| p.pin = pin),
        ))
    }

    /// Nobody by that id; `None`: there was and is no more.
    pub fn remove(&self, id: &str) -> Result<Option<Plan>, Wrong> {
        if self.find(id).is_none() {
            let number: u64 = id.parse().map_err(|_| Wrong::Unknown)?;
            let was = (1..self.next).contains(&number);
            return if was { Ok(None) } else { Err(Wrong::Unknown) };
        }
        let mut plan = self.changed(id, PersonChange::Removed, |_| {});
        plan.book.people.retain(|person| person.id != id);
        plan.with_an_admin()
    }

    fn changed(&self, id: &str, change: PersonChange, edit: impl FnOnce(&mut Person)) -> Plan {
        let mut book = self.clone();
        if let Some(person) = book.people.iter_mut().find(|person| person.id == id) {
            edit(person);
        }
        Plan {
            book,
            person: id.to_owned(),
            change,
        }
    }
}

impl Plan {
    fn with_an_admin(self) -> Result<Option<Self>, Wrong> {
        let mut people = self.book.people.iter();
        match people.any(|person| person.role == StaffRole::Admin) {
            true => Ok(Some(self)),
            false => Err(Wrong::LastAdmin),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use StaffRole::{Admin, Clerk};

    fn add(book: &mut Book, role: StaffRole) -> String {
        let plan = book.add("  Nguyễn Văn An ", role, "hash".into());
        let plan = plan.unwrap().unwrap();
        *book = plan.book;
        plan.person
    }

    #[test]
    fn an_id_is_given_out_once() {
        let mut book = Book::new(String::new());
        let (admin, first) = (add(&mut book, Admin), add(&mut book, Clerk));
        assert_eq!(book.find(&first).unwrap().name, "Nguyễn Văn An");
        book = book.remove(&first).unwrap().unwrap().book;
        assert_eq!(add(&mut book, Clerk), "3");
        assert_eq!((admin.as_str(), first.as_str()), ("1", "2"));
        // A lost answer is asked for again.
        assert!(book.remove(&first).unwrap().is_none());
        assert_eq!(book.remove("9").err(), Some(Wrong::Unknown));
        assert_eq!(book.remove("x").err(), Some(Wrong::Unknown));
    }

    #[test]
    fn the_last_admin_stays_one() {
        let mut book = Book::new(String::new());
        let admin = add(&mut book, Admin);
        assert_eq!(book.remove(&admin).err(), Some(Wrong::LastAdmin));
        assert_eq!(book.set_role(&admin, Clerk).err(), Some(Wrong::LastAdmin));
        assert!(book.set_role(&admin, Admin).unwrap().is_none());
        add(&mut book, Admin);
        assert!(book.remove(&admin).unwrap().is_some());
    }

    #[test]
    fn a_name_is_a_line_of_text() {
        let book = Book::new(String::new());
        for name in ["", "   ", "a\nb", &"a".repeat(81)] {
            let refused = book.add(name, Clerk, String::new());
            assert_eq!(refused.err(), Some(Wrong::Name), "{name:?}");
        }
    }
}
