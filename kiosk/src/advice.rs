//! Sentences for people: what happened, what goes on meanwhile, the one thing to do.
//!
//! Every refusal has a stable code for programs and a sentence in Vietnamese and English.

mod backup;
mod codes;
mod devices;
mod dossiers;
mod health;
mod intake;
mod letters;
mod numbers;
mod people;
mod scanning;
mod time;
mod voice;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use printer::Condition;
use queue::{NotIssuing, Refusal};

pub use self::backup::*;
pub use self::codes::*;
pub use self::devices::*;
pub use self::dossiers::*;
pub use self::health::*;
pub use self::intake::*;
pub use self::letters::*;
pub use self::numbers::*;
pub use self::people::*;
pub use self::scanning::*;
pub use self::time::*;
pub use self::voice::*;
use crate::engine::Failure;

/// What goes on while a printer does not print: without and with another that stands in for it.
const MEANWHILE: [(&str, &str, &str); 2] = [
    (
        "vi",
        "Người dân nhận số trên màn hình.",
        "Phiếu in ở máy khác.",
    ),
    (
        "en",
        "Citizens get their number on the screen.",
        "Slips come out of another printer.",
    ),
];

/// A sentence in both languages.
pub struct Sentence {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// As HTTP says it.
    pub status: StatusCode,
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Sentence {
    /// By language.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let pairs = [("vi", self.vi), ("en", self.en)];
        pairs.map(|(l, t)| (l.to_owned(), t.to_owned())).into()
    }

    /// The same of a printer whose slips another one prints meanwhile.
    pub fn while_stood_in(&self) -> BTreeMap<String, String> {
        let mut texts = self.texts();
        for (language, on_screen, elsewhere) in MEANWHILE {
            if let Some(text) = texts.get_mut(language) {
                *text = text.replace(on_screen, elsewhere);
            }
        }
        texts
    }

    /// In the language of an `Accept-Language` header; Vietnamese unless English is asked for.
    pub fn in_language(&self, accepted: Option<&str>) -> &'static str {
        match wants_english(accepted) {
            true => self.en,
            false => self.vi,
        }
    }
}

/// Whether an `Accept-Language` header asks for English first.
pub fn wants_english(accepted: Option<&str>) -> bool {
    let first = accepted.unwrap_or_default().split(',').next();
    let first = first.unwrap_or_default().trim().to_ascii_lowercase();
    first.starts_with("en")
}

const fn say(
    status: StatusCode,
    code: &'static str,
    vi: &'static str,
    en: &'static str,
) -> Sentence {
    Sentence {
        code,
        status,
        vi,
        en,
    }
}

/// What to say about a failed command.
pub fn failure(failure: &Failure) -> Sentence {
    use StatusCode as S;
    match failure {
        Failure::Refused(refused) => refusal(refused),
        Failure::KeyReused => say(
            S::UNPROCESSABLE_ENTITY,
            "key-reused",
            "Khóa này đã dùng cho một yêu cầu khác.",
            "This key was used for another request.",
        ),
        Failure::JournalFull => say(
            S::SERVICE_UNAVAILABLE,
            "journal-full",
            "Bộ nhớ của máy đã đầy hoặc không ghi được. Chưa có gì được thực hiện. Mời báo cán bộ kỹ thuật.",
            "The machine's storage is full or read-only. Nothing was done. Please tell the technician.",
        ),
        Failure::JournalFailed => say(
            S::SERVICE_UNAVAILABLE,
            "journal-failed",
            "Máy chưa ghi được. Mời thử lại sau giây lát.",
            "The machine could not write just now. Please try again in a moment.",
        ),
        Failure::Stopping => say(
            S::SERVICE_UNAVAILABLE,
            "starting",
            "Máy đang khởi động lại. Mời thử lại sau giây lát.",
            "The machine is restarting. Please try again in a moment.",
        ),
    }
}

fn refusal(refusal: &Refusal) -> Sentence {
    use StatusCode as S;
    match refusal {
        Refusal::DayClosed => say(
            S::CONFLICT,
            "day-closed",
            "Ngày làm việc chưa mở hoặc đã đóng.",
            "The service day is not open.",
        ),
        Refusal::DayOpen => say(
            S::CONFLICT,
            "day-open",
            "Ngày làm việc đang mở.",
            "The service day is open already.",
        ),
        Refusal::UnknownDay => say(
            S::NOT_FOUND,
            "unknown-day",
            "Không có ngày làm việc này.",
            "There is no such service day.",
        ),
        Refusal::LastDay => say(
            S::CONFLICT,
            "last-day",
            "Đây là ngày làm việc gần nhất, còn có thể mở tiếp. Chỉ xóa được sau khi mở ngày làm việc sau.",
            "This is the last service day and may go on. It can be erased once a later day has been opened.",
        ),
        Refusal::Undelivered => say(
            S::CONFLICT,
            "undelivered",
            "Ngày này còn lượt quét chưa gửi được hoặc chờ cán bộ quyết định. Chỉ xóa được sau khi đã xử lý xong.",
            "Scans of this day are not delivered yet, or wait for a clerk's decision. It can be erased once they are done.",
        ),
        Refusal::DateBack(_) => say(
            S::CONFLICT,
            "date-back",
            "Ngày này sớm hơn ngày làm việc gần nhất. Mời xem lại; nếu vẫn đúng, mời xác nhận lần nữa.",
            "This date is before the last service day. Please look again; if it is right, confirm it once more.",
        ),
        Refusal::DateFar(_) => say(
            S::CONFLICT,
            "date-far",
            "Ngày này cách ngày làm việc gần nhất quá lâu. Mời xem lại; nếu vẫn đúng, mời xác nhận lần nữa.",
            "This date is long after the last service day. Please look again; if it is right, confirm it once more.",
        ),
        Refusal::IssuingClosed(reason) => issuing_closed(*reason),
        Refusal::ServiceFull => say(
            S::CONFLICT,
            "service-full",
            "Hôm nay đã phát hết số của lĩnh vực này. Mời Ông/Bà gặp cán bộ hướng dẫn để được hỗ trợ.",
            "No numbers are left for this service today. Please ask a member of staff.",
        ),
        Refusal::UnknownService => say(
            S::UNPROCESSABLE_ENTITY,
            "unknown-service",
            "Không có lĩnh vực này.",
            "There is no such service.",
        ),
        Refusal::UnknownClass => say(
            S::UNPROCESSABLE_ENTITY,
            "unknown-class",
            "Không có đối tượng ưu tiên này.",
            "There is no such class.",
        ),
        Refusal::UnknownCounter => say(
            S::NOT_FOUND,
            "unknown-counter",
            "Không có quầy này.",
            "There is no such counter.",
        ),
        Refusal::UnknownTicket => say(
            S::NOT_FOUND,
            "unknown-ticket",
            "Hôm nay không có số này.",
            "There is no such ticket today.",
        ),
        Refusal::MissingTicket => say(
            S::NOT_FOUND,
            "unknown-ticket",
            "Máy chưa biết số này. Hôm nay có số được phát khi máy này chưa hoạt động: nếu phiếu ghi ngày hôm nay, mời cấp số mới ở diện ưu tiên hoặc nhập số đó như số từ cuộn giấy.",
            "This machine does not know that number. Some of today's were given out before it took over: if the slip is of today, give a new number with priority, or enter that one as from a paper roll.",
        ),
        Refusal::UnknownScan => say(
            S::NOT_FOUND,
            "unknown-scan",
            "Không có lượt quét này.",
            "There is no such scan.",
        ),
        Refusal::NothingToSettle => say(
            S::CONFLICT,
            "nothing-to-settle",
            "Lượt quét này đã có kết quả hoặc đang chờ gửi: không cần cán bộ quyết định.",
            "This scan has its outcome or is on its way: nothing is to be decided.",
        ),
        Refusal::UnknownLetter
        | Refusal::LetterNotSigned
        | Refusal::LetterSigned
        | Refusal::LetterGiven
        | Refusal::LetterReplaced
        | Refusal::NotLate
        | Refusal::LetterDate
        | Refusal::LetterReason => letters::refused(refusal),
        Refusal::DateUnknown => late_undated(),
        Refusal::UnknownDossier => unknown_dossier(),
        Refusal::CounterTaken => say(
            S::CONFLICT,
            "counter-taken",
            "Quầy này đang do người hoặc thiết bị khác phụ trách. Phụ trách bộ phận có thể đóng quầy để mở lại.",
            "Somebody else has this counter. A supervisor can close it so that it can be opened again.",
        ),
        Refusal::OtherCounter(_) => say(
            S::CONFLICT,
            "other-counter",
            "Ông/Bà đang phụ trách quầy khác. Mời đóng quầy đó trước, hoặc nhờ phụ trách bộ phận đóng giúp.",
            "You have another counter. Please close that one first, or ask a supervisor to close it.",
        ),
        Refusal::CounterClosed => say(
            S::CONFLICT,
            "counter-closed",
            "Quầy đang đóng hoặc tạm nghỉ. Mời mở quầy trước.",
            "The counter is closed or on a break. Please open it first.",
        ),
        Refusal::TicketInHand => say(
            S::CONFLICT,
            "ticket-in-hand",
            "Quầy đang phục vụ một số. Mời hoàn thành số đó trước.",
            "The counter has a ticket in hand. Please finish it first.",
        ),
        Refusal::NothingInHand => say(
            S::CONFLICT,
            "nothing-in-hand",
            "Quầy chưa gọi số nào.",
            "The counter has no ticket in hand.",
        ),
        Refusal::WrongState => say(
            S::CONFLICT,
            "wrong-state",
            "Số này không còn ở trạng thái cho phép việc đó.",
            "The ticket is no longer in a state for this.",
        ),
        Refusal::NotServedHere => say(
            S::CONFLICT,
            "not-served-here",
            "Quầy này không phục vụ lĩnh vực của số đó. Có thể chuyển số sang quầy khác.",
            "This counter does not serve that ticket's service. It can be transferred instead.",
        ),
        Refusal::TooLate => say(
            S::CONFLICT,
            "too-late",
            "Đã quá thời gian đổi hoặc hủy số tại máy. Mời Ông/Bà gặp cán bộ hướng dẫn.",
            "The time to change or cancel at the machine has passed. Please ask a member of staff.",
        ),
        Refusal::NothingToUndo => say(
            S::CONFLICT,
            "nothing-to-undo",
            "Không còn thao tác nào để hoàn tác.",
            "There is nothing to undo any more.",
        ),
        Refusal::OfficeChanged => say(
            S::CONFLICT,
            "office-changed",
            "Cài đặt vừa được người khác thay đổi. Mời tải lại trang, xem thay đổi đó rồi lưu lại.",
            "Somebody else has just changed the settings. Please reload, look at that change, and save again.",
        ),
        Refusal::NoPapers => say(
            S::CONFLICT,
            "no-papers",
            "Lĩnh vực này chưa có danh mục giấy tờ. Danh mục được khai trong cấu hình của cơ quan.",
            "No papers are listed for this service. The list stands in the office's configuration.",
        ),
        Refusal::NotHeld => say(
            S::CONFLICT,
            "not-held",
            "Số này không được giữ nên không có phiếu quay lại. Mời giữ số trước.",
            "This ticket is not held, so there is no return slip. Please hold it first.",
        ),
        Refusal::NotDeferred => say(
            S::CONFLICT,
            "not-deferred",
            "Số này không có phiếu hẹn trở lại. Phiếu này chỉ dành cho số chưa được gọi khi đóng ngày làm việc.",
            "This ticket has no come-back slip. That is for tickets which the end of the day did not reach.",
        ),
        Refusal::TooManyTickets(_) => say(
            S::CONFLICT,
            "too-many-tickets",
            "Ông/Bà đang có số của lĩnh vực này. Mời Ông/Bà chờ gọi số đó, hoặc gặp cán bộ hướng dẫn.",
            "You have a number for this service. Please wait for it to be called, or ask a member of staff.",
        ),
        Refusal::DossierHasTicket(_) => say(
            S::CONFLICT,
            "dossier-has-ticket",
            "Hồ sơ này đã có số trong hôm nay.",
            "This dossier has a number today.",
        ),
        Refusal::NoResultService => say(
            S::CONFLICT,
            "no-result-service",
            "Máy chưa nhận số theo giấy hẹn. Mời Ông/Bà chọn lĩnh vực trên màn hình hoặc gặp cán bộ hướng dẫn.",
            "This machine gives no number for a receipt. Please choose a service or ask a member of staff.",
        ),
        Refusal::NumbersTaken(_) => say(
            S::CONFLICT,
            "numbers-taken",
            "Trong các số này có số đã phát hôm nay. Chưa nhập số nào.",
            "Some of these numbers were given out today. Nothing was entered.",
        ),
        Refusal::NotARoll => say(
            S::UNPROCESSABLE_ENTITY,
            "not-a-roll",
            "Mời kiểm tra lại: số đầu không lớn hơn số cuối, mỗi lần nhập tối đa 500 số, và số đã phục vụ phải nằm trong khoảng đó.",
            "Please check: the first number must not be higher than the last, at most 500 numbers are entered at once, and those served lie among them.",
        ),
        Refusal::TooFarAhead => say(
            S::UNPROCESSABLE_ENTITY,
            "too-far-ahead",
            "Số này cách số phát gần nhất hơn 1.000 số. Mời kiểm tra lại.",
            "This number is more than 1,000 ahead of the newest one. Please check it.",
        ),
        Refusal::OutOfRange => say(
            S::UNPROCESSABLE_ENTITY,
            "out-of-range",
            "Giá trị nằm ngoài phạm vi cho phép.",
            "A value is outside its range.",
        ),
    }
}

fn issuing_closed(reason: NotIssuing) -> Sentence {
    let (vi, en) = match reason {
        NotIssuing::NotYet => ("Chưa đến giờ phát số.", "Numbers are not given out yet."),
        NotIssuing::Noon => ("Đang nghỉ trưa.", "It is the lunch break."),
        NotIssuing::Gap => (
            "Hiện tạm ngừng phát số.",
            "No numbers are given out at the moment.",
        ),
        NotIssuing::Over => ("Đã hết giờ phát số hôm nay.", "No more numbers today."),
        NotIssuing::DayOff => ("Hôm nay cơ quan nghỉ.", "The office is closed today."),
        NotIssuing::Unplanned => (
            "Cơ quan tạm nghỉ đột xuất.",
            "The office is closed for the moment.",
        ),
        NotIssuing::Closed => (
            "Ngày làm việc chưa mở hoặc đã đóng.",
            "The service day is not open.",
        ),
        NotIssuing::Paused => (
            "Lĩnh vực này tạm ngừng hôm nay. Mời Ông/Bà gặp cán bộ hướng dẫn.",
            "This service is paused today. Please ask a member of staff.",
        ),
        NotIssuing::Full => return refusal(&Refusal::ServiceFull),
        NotIssuing::Late => (
            "Số người chờ đã đủ cho hôm nay. Mời Ông/Bà gặp cán bộ hướng dẫn.",
            "As many people wait as can be served today. Please ask a member of staff.",
        ),
    };
    let code = match reason {
        NotIssuing::Closed => "day-closed",
        NotIssuing::Paused => "service-paused",
        _ => "issuing-closed",
    };
    say(StatusCode::CONFLICT, code, vi, en)
}

/// What HTTP itself refuses.
pub fn http(status: StatusCode) -> Sentence {
    use StatusCode as S;
    match status {
        S::UNAUTHORIZED => say(status, "unauthorized", "Mời đăng nhập.", "Please sign in."),
        S::FORBIDDEN => say(
            status,
            "forbidden",
            "Người hoặc thiết bị đang đăng nhập không có quyền làm việc đó. Mời hỏi phụ trách bộ phận hoặc quản trị viên.",
            "Who is signed in here has no right to do that. Please ask a supervisor or the administrator.",
        ),
        S::NOT_FOUND => say(
            status,
            "not-found",
            "Không có trang hoặc mục này.",
            "There is no such page or item.",
        ),
        S::METHOD_NOT_ALLOWED => say(
            status,
            "method-not-allowed",
            "Cách gọi này không được dùng ở đây.",
            "This method is not used here.",
        ),
        S::REQUEST_TIMEOUT => say(
            status,
            "too-slow",
            "Yêu cầu đến quá chậm nên đã dừng. Mời kiểm tra mạng rồi thử lại.",
            "The request came too slowly and was ended. Please check the network and try again.",
        ),
        S::PAYLOAD_TOO_LARGE => say(
            status,
            "too-large",
            "Nội dung gửi quá lớn.",
            "The body is too large.",
        ),
        S::UNSUPPORTED_MEDIA_TYPE => say(
            status,
            "unsupported-type",
            "Nội dung phải là JSON.",
            "The body must be JSON.",
        ),
        S::UNPROCESSABLE_ENTITY => say(
            status,
            "bad-value",
            "Nội dung gửi có giá trị không dùng được.",
            "The body has a value that cannot be used.",
        ),
        status if status.is_server_error() => say(
            status,
            "internal",
            "Máy gặp lỗi. Mời thử lại hoặc báo cán bộ kỹ thuật.",
            "The machine has a fault. Please try again or tell the technician.",
        ),
        _ => say(
            S::BAD_REQUEST,
            "bad-request",
            "Yêu cầu không đọc được.",
            "The request cannot be read.",
        ),
    }
}

/// A slip where nothing is printed.
pub fn bad_office() -> Sentence {
    say(
        StatusCode::UNPROCESSABLE_ENTITY,
        "bad-office",
        "Cài đặt chưa dùng được. Mời sửa các mục được nêu rồi lưu lại; chưa có gì thay đổi.",
        "These settings cannot be used. Please mend the fields named and save again; nothing was changed.",
    )
}

/// Today is not known, and the act needs a date.
pub fn date_unknown() -> Sentence {
    say(
        StatusCode::CONFLICT,
        "date-unknown",
        "Máy chưa biết hôm nay là ngày nào. Mời xác nhận ngày giờ trước, hoặc chọn ngày.",
        "The machine does not know today's date. Please confirm date and time first, or choose a date.",
    )
}

/// The office has no printer.
pub fn no_printer() -> Sentence {
    say(
        StatusCode::CONFLICT,
        "no-printer",
        "Cơ quan không dùng máy in nên không in được phiếu này.",
        "This office has no printer, so this slip cannot be printed.",
    )
}

/// The ledger is not there yet, or stands still.
pub fn figures_not_ready() -> Sentence {
    say(
        StatusCode::SERVICE_UNAVAILABLE,
        "figures-not-ready",
        "Số liệu đang được lập. Mời thử lại sau giây lát.",
        "The figures are being made. Please try again in a moment.",
    )
}

/// A state-changing call without an idempotency key.
pub fn key_missing() -> Sentence {
    say(
        StatusCode::BAD_REQUEST,
        "key-missing",
        "Thiếu Idempotency-Key (1 đến 128 ký tự ASCII nhìn thấy được).",
        "Idempotency-Key is missing (1 to 128 visible ASCII characters).",
    )
}

/// What is the matter with a printer, what goes on meanwhile, and the one thing to do; none if
/// all is well. The code at the end is for the phone call.
pub fn printer(condition: Condition) -> Option<Sentence> {
    use Condition as C;
    let (code, vi, en) = match condition {
        C::Ready => return None,
        C::PaperLow => (
            "paper-low",
            "Máy in sắp hết giấy. Phiếu vẫn in bình thường. Mời chuẩn bị cuộn giấy mới. (P1)",
            "The printer is low on paper. Slips still come out. Please have a new roll ready. (P1)",
        ),
        C::PaperOut => (
            "paper-out",
            "Máy in hết giấy. Người dân nhận số trên màn hình. Mời lắp cuộn giấy mới và đóng nắp; phiếu chưa in sẽ tự in. (P2)",
            "The printer is out of paper. Citizens get their number on the screen. Put in a new roll and close the cover; waiting slips then print by themselves. (P2)",
        ),
        C::CoverOpen => (
            "cover-open",
            "Nắp máy in đang mở. Người dân nhận số trên màn hình. Mời đóng nắp cho khớp; phiếu chưa in sẽ tự in. (P3)",
            "The printer's cover is open. Citizens get their number on the screen. Close the cover until it clicks; waiting slips then print by themselves. (P3)",
        ),
        C::CutterJammed => (
            "cutter-jammed",
            "Dao cắt của máy in bị kẹt. Người dân nhận số trên màn hình. Mời tắt máy in, gỡ giấy kẹt ở dao cắt rồi bật lại. (P4)",
            "The printer's cutter is jammed. Citizens get their number on the screen. Switch the printer off, remove the paper at the cutter, and switch it on again. (P4)",
        ),
        C::HeadHot => (
            "head-hot",
            "Đầu in đang quá nóng. Người dân nhận số trên màn hình. Không cần làm gì: máy tự in lại khi nguội. (P5)",
            "The print head is too hot. Citizens get their number on the screen. Nothing to do: it goes on by itself when it has cooled down. (P5)",
        ),
        C::Fault => (
            "fault",
            "Máy in báo lỗi. Người dân nhận số trên màn hình. Mời tắt máy in, chờ 10 giây rồi bật lại; nếu vẫn lỗi, mời gọi kỹ thuật. (P6)",
            "The printer reports a fault. Citizens get their number on the screen. Switch it off, wait 10 seconds and switch it on; if the fault stays, call the technician. (P6)",
        ),
        C::Offline => (
            "offline",
            "Máy in không nhận phiếu. Người dân nhận số trên màn hình. Mời kiểm tra giấy, nắp và đèn báo trên máy in. (P7)",
            "The printer takes no slips. Citizens get their number on the screen. Check its paper, its cover and its lights. (P7)",
        ),
        C::Silent => (
            "silent",
            "Máy in không trả lời. Người dân nhận số trên màn hình. Mời tắt máy in, chờ 10 giây rồi bật lại, và kiểm tra dây nối. (P8)",
            "The printer does not answer. Citizens get their number on the screen. Switch it off, wait 10 seconds, switch it on, and check its cable. (P8)",
        ),
        C::Unplugged => (
            "unplugged",
            "Không thấy máy in. Người dân nhận số trên màn hình. Mời kiểm tra nguồn điện và dây nối của máy in; cắm lại là máy tự in. (P9)",
            "The printer is not there. Citizens get their number on the screen. Check its power and its cable; once it is back it prints by itself. (P9)",
        ),
    };
    Some(say(StatusCode::SERVICE_UNAVAILABLE, code, vi, en))
}

/// What is said of a silent printer whose power is being switched off and on, or was in vain.
pub fn reset(under_way: bool) -> Sentence {
    let (code, vi, en) = match under_way {
        true => (
            "printer-reset",
            "Máy in không trả lời nên đang được tự động tắt rồi bật lại. Người dân nhận số trên màn hình. Không cần làm gì: phiếu chưa in sẽ tự in. (P10)",
            "The printer does not answer and is being switched off and on. Citizens get their number on the screen. Nothing to do: waiting slips print by themselves. (P10)",
        ),
        false => (
            "printer-reset-in-vain",
            "Máy in vẫn không trả lời sau khi được tự động tắt rồi bật lại. Người dân nhận số trên màn hình. Mời kiểm tra dây nối; nếu vẫn lỗi, mời gọi kỹ thuật. (P11)",
            "The printer was switched off and on and still does not answer. Citizens get their number on the screen. Check its cable; if that does not help, call the technician. (P11)",
        ),
    };
    say(StatusCode::SERVICE_UNAVAILABLE, code, vi, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clerk_is_not_told_of_numbers_on_screens_while_another_printer_stands_in() {
        use Condition as C;
        let troubles = [
            C::PaperOut,
            C::CoverOpen,
            C::CutterJammed,
            C::HeadHot,
            C::Fault,
            C::Offline,
            C::Silent,
            C::Unplugged,
        ];
        let told = troubles.into_iter().filter_map(printer);
        for sentence in told.chain([reset(true), reset(false)]) {
            let (alone, stood_in) = (sentence.texts(), sentence.while_stood_in());
            for (language, on_screen, elsewhere) in MEANWHILE {
                assert!(alone[language].contains(on_screen), "{alone:?}");
                assert!(!stood_in[language].contains(on_screen), "{stood_in:?}");
                assert!(stood_in[language].contains(elsewhere), "{stood_in:?}");
            }
        }
    }
}
