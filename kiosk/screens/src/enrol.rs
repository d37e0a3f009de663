//! The page of a screen that the office does not know yet, or no more: a code, and what to do
//! with it, in both languages at once.

use slint::{ComponentHandle, Global};

use crate::ui::EnrolScreen;

/// Which screen asks to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Where citizens take numbers.
    Touch,
    /// Where they see who is called.
    Lobby,
}

/// How far a screen is with being let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To be typed by an administrator.
    Code(String),
    /// The daemon at this address does not answer.
    Away(String),
    /// Too many others ask.
    Full,
}

/// A screen that is not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Which.
    pub asker: Asker,
    /// It was let in before.
    pub revoked: bool,
    /// How far it is.
    pub step: Step,
}

/// The page. Empty words are not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // Named as in ui/enrol.slint; `more` is English.
pub struct EnrolView {
    pub title: &'static str,
    pub title_more: &'static str,
    pub code: String,
    pub body: String,
    pub body_more: String,
    pub foot: &'static str,
    pub foot_more: &'static str,
}

/// The page for where a screen stands.
pub fn view(enrolment: &Enrolment) -> EnrolView {
    let (title, title_more) = match enrolment.revoked {
        false => (
            "Màn hình này chưa được ghi nhận",
            "This screen is not known here yet",
        ),
        true => ("Màn hình này đã bị thu hồi", "This screen was revoked"),
    };
    let (code, body, body_more) = match &enrolment.step {
        Step::Code(code) => (
            code.clone(),
            "Quản trị viên nhập mã này ở trang Quản lý, mục Thiết bị. Mã đổi sau mỗi 10 phút.".into(),
            "An administrator types this code on the page Manage, under Devices. It changes every 10 minutes."
                .into(),
        ),
        Step::Away(address) => (
            String::new(),
            format!("Chưa liên lạc được với máy chủ {address}. Màn hình tự thử lại; mời cán bộ kiểm tra dây mạng."),
            format!("{address} does not answer. The screen tries again by itself; staff, please check the network cable."),
        ),
        Step::Full => (
            String::new(),
            "Đang có nhiều thiết bị chờ ghi nhận. Màn hình tự thử lại.".into(),
            "Many devices wait to be let in. The screen tries again by itself.".into(),
        ),
    };
    let (foot, foot_more) = match enrolment.asker {
        Asker::Touch => (
            "Ông/Bà cần lấy số: mời gặp cán bộ hướng dẫn.",
            "If you need a number, please ask a member of staff.",
        ),
        Asker::Lobby => ("", ""),
    };
    EnrolView {
        title,
        title_more,
        code,
        body,
        body_more,
        foot,
        foot_more,
    }
}

/// Copies the page into a window, or takes it away.
pub(crate) fn show<W: ComponentHandle>(window: &W, view: Option<&EnrolView>)
where
    for<'a> EnrolScreen<'a>: Global<'a, W>,
{
    let screen = window.global::<EnrolScreen<'_>>();
    screen.set_shown(view.is_some());
    if let Some(view) = view {
        screen.set_title(view.title.into());
        screen.set_title_more(view.title_more.into());
        screen.set_code(view.code.as_str().into());
        screen.set_body(view.body.as_str().into());
        screen.set_body_more(view.body_more.as_str().into());
        screen.set_foot(view.foot.into());
        screen.set_foot_more(view.foot_more.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_says_why_it_is_not_at_work_and_what_to_do() {
        let enrolment = |revoked, step| {
            view(&Enrolment {
                asker: Asker::Touch,
                revoked,
                step,
            })
        };
        let code = enrolment(false, Step::Code("483 177".into()));
        assert_eq!(code.code, "483 177");
        assert!(code.body.contains("mục Thiết bị") && code.body_more.contains("Devices"));
        assert!(
            code.foot.contains("cán bộ hướng dẫn"),
            "a citizen is sent on"
        );
        let away = enrolment(true, Step::Away("http://192.0.2.10:8080".into()));
        assert!(away.title.contains("thu hồi") && away.code.is_empty());
        assert!(away.body.contains("192.0.2.10") && away.body_more.contains("192.0.2.10"));
    }
}
