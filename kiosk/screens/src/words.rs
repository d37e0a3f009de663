//! Every word a citizen reads, in every language.
//!
//! One struct, one value of it per language: a word that is missing in a language does not
//! compile. The lobby and the touch screen run in processes of their own and choose their
//! language by value, so a citizen who presses *English* changes nothing for the others.
//!
//! Citizens are *Ông/Bà*; the machine never blames and never commands.

use crate::board::{Range, Service};
use crate::when;

/// A language the screens speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// By its code; one the screens do not speak is Vietnamese.
    pub fn from_code(code: &str) -> Self {
        if code == "en" {
            Self::English
        } else {
            Self::Vietnamese
        }
    }

    /// Its code in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// Its name in itself, for the button that switches to it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Vietnamese => "Tiếng Việt",
            Self::English => "English",
        }
    }

    /// The language's words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Vietnamese => &VIETNAMESE,
            Self::English => &ENGLISH,
        }
    }
}

/// The words of one language. `{}` stands for the one thing that varies.
#[allow(missing_docs)] // The texts say what they are.
pub struct Words {
    pub question: &'static str,
    pub question_more: &'static str,
    pub step_touch: &'static str,
    pub step_slip: &'static str,
    pub step_number: &'static str,
    pub step_wait: &'static str,
    pub hotline: &'static str,
    pub clock_unknown: &'static str,
    pub larger: &'static str,
    pub smaller: &'static str,
    pub back: &'static str,
    pub home: &'static str,

    pub nobody_waiting: &'static str,
    pub nobody_short: &'static str,
    pub one_waiting: &'static str,
    pub waiting: &'static str,
    pub waiting_short: &'static str,
    pub minutes: &'static str,
    pub hours: &'static str,
    pub full_short: &'static str,
    pub full_shorter: &'static str,
    pub full: &'static str,
    pub paused_short: &'static str,
    pub paused_shorter: &'static str,
    pub paused: &'static str,
    pub late_short: &'static str,
    pub late_shorter: &'static str,
    pub late: &'static str,
    pub from_short: &'static str,
    pub from_shorter: &'static str,
    pub from: &'static str,
    pub not_today_short: &'static str,
    pub not_today_shorter: &'static str,
    pub not_today: &'static str,
    pub ended_short: &'static str,
    pub ended_shorter: &'static str,
    pub ended: &'static str,
    pub service_help: &'static str,
    pub service_help_until: &'static str,

    pub priority: &'static str,
    pub priority_question: &'static str,
    pub priority_who: &'static str,
    pub priority_yes: &'static str,
    pub priority_no: &'static str,
    pub priority_chosen: &'static str,
    pub priority_drop: &'static str,

    pub issuing: &'static str,
    pub issuing_slow: &'static str,
    pub issuing_retry: &'static str,
    pub no_answer: &'static str,
    pub no_answer_help: &'static str,
    pub try_again: &'static str,
    pub refused: &'static str,

    pub receipt_hint: &'static str,
    pub unreadable: &'static str,
    pub unreadable_help: &'static str,
    pub for_staff: &'static str,
    pub for_staff_help: &'static str,
    pub vneid: &'static str,
    pub vneid_help: &'static str,
    pub old_slip: &'static str,
    pub old_slip_help: &'static str,
    pub card_unchecked: &'static str,
    pub card_unchecked_help: &'static str,
    pub card_read: &'static str,
    pub card_holds: &'static str,
    pub card_aged: &'static str,
    pub card_notice: &'static str,
    pub had_before: &'static str,
    pub had_before_help: &'static str,
    pub had_called: &'static str,
    pub had_called_help: &'static str,
    pub had_missed: &'static str,
    pub had_missed_help: &'static str,
    pub back_in_line: &'static str,
    pub back_in_line_help: &'static str,

    pub your_number: &'static str,
    pub you_are_next: &'static str,
    pub none_ahead: &'static str,
    pub one_ahead: &'static str,
    pub ahead: &'static str,
    pub about: &'static str,
    pub kept: &'static str,
    pub scan_to_follow: &'static str,
    pub printing: &'static str,
    pub take: &'static str,
    pub remember: &'static str,
    pub take_elsewhere: &'static str,
    pub no_paper: &'static str,
    pub no_printer: &'static str,
    pub no_paper_help: &'static str,
    pub no_slip: &'static str,
    pub slow_paper: &'static str,
    pub slow_paper_help: &'static str,
    pub change: &'static str,
    pub change_question: &'static str,
    pub remembered: &'static str,
    pub home_in: &'static str,
    pub home_in_one: &'static str,

    pub still_there: &'static str,
    pub go_on: &'static str,
    pub end: &'static str,

    pub starting: &'static str,
    pub away: &'static str,
    pub ask_staff: &'static str,
    pub not_yet: &'static str,
    pub not_yet_from: &'static str,
    pub noon: &'static str,
    pub noon_from: &'static str,
    pub gap: &'static str,
    pub gap_from: &'static str,
    pub calls_from: &'static str,
    pub over: &'static str,
    pub over_until: &'static str,
    pub day_off: &'static str,
    pub unplanned: &'static str,
    pub come_back: &'static str,
    pub closed: &'static str,

    pub call_lead: &'static str,
    pub call_counter: &'static str,
    pub call_counter_short: &'static str,
    pub call_whole: &'static str,
    pub call_again: &'static str,
    pub no_calls: &'static str,
    pub no_calls_help: &'static str,
    pub stale_since: &'static str,
    pub stale: &'static str,
    pub lobby_away: &'static str,
    pub lobby_closed: &'static str,
}

static VIETNAMESE: Words = Words {
    question: "Ông/Bà cần giải quyết việc gì?",
    question_more: "Mời chọn lĩnh vực.",
    step_touch: "Chạm vào việc cần giải quyết",
    step_slip: "Nhận phiếu số\u{a0}thứ\u{a0}tự",
    step_number: "Ghi nhớ số thứ tự",
    step_wait: "Chờ gọi số trên màn hình và loa",
    hotline: "Đường dây nóng: {}",
    clock_unknown: "Máy chưa biết giờ",
    larger: "Chữ to",
    smaller: "Chữ vừa",
    back: "Quay lại",
    home: "Về trang đầu",

    nobody_waiting: "Chưa có người chờ",
    nobody_short: "Chưa ai chờ",
    one_waiting: "1 người chờ",
    waiting: "{} người chờ",
    waiting_short: "{} chờ",
    minutes: "{} phút",
    hours: "{} giờ",
    full_short: "Hôm nay đã phát hết số",
    full_shorter: "Đã hết số",
    full: "Hôm nay đã phát hết số của\u{a0}lĩnh\u{a0}vực\u{a0}này.",
    paused_short: "Hôm nay tạm ngừng",
    paused_shorter: "Tạm ngừng",
    paused: "Hôm nay tạm ngừng phát số của lĩnh vực này.",
    late_short: "Hôm nay đã đủ người chờ",
    late_shorter: "Đã đủ người chờ",
    late: "Hôm nay lĩnh vực này đã đủ người chờ.",
    from_short: "Phát số từ {}",
    from_shorter: "Từ {}",
    from: "Lĩnh vực này phát số từ {}.",
    not_today_short: "Hôm nay không phát số",
    not_today_shorter: "Hôm nay nghỉ",
    not_today: "Hôm nay lĩnh vực này không phát số.",
    ended_short: "Đã hết giờ phát số",
    ended_shorter: "Đã hết giờ",
    ended: "Hôm nay đã hết giờ phát số của lĩnh vực này.",
    service_help: "Mời Ông/Bà gặp cán bộ hướng dẫn để được hỗ trợ.",
    service_help_until: "Mời Ông/Bà gặp cán bộ hướng dẫn để được hỗ trợ, hoặc trở lại từ {}.",

    priority: "Ưu tiên",
    priority_question: "Ông/Bà có thuộc đối\u{a0}tượng\nưu\u{a0}tiên\u{a0}không?",
    priority_who: "Đối tượng ưu tiên: {}.",
    priority_yes: "Có",
    priority_no: "Không",
    priority_chosen: "Ông/Bà lấy số ưu tiên",
    priority_drop: "Bỏ ưu\u{a0}tiên",

    issuing: "Đang lấy số…",
    issuing_slow: "Xin Ông/Bà chờ một chút.",
    issuing_retry: "Máy đang thử lại. Xin Ông/Bà chờ một chút.",
    no_answer: "Máy chưa lấy được số.",
    no_answer_help: "Mời Ông/Bà thử lại hoặc gặp cán bộ hướng dẫn.",
    try_again: "Thử lại",
    refused: "Chưa lấy được số",

    receipt_hint: "Đưa giấy hẹn vào đầu đọc",
    unreadable: "Chưa đọc được mã.",
    unreadable_help: "Mời Ông/Bà quét lại, chọn trên màn hình hoặc gặp cán bộ hướng dẫn.",
    for_staff: "Mã này dành cho cán bộ tại\u{a0}quầy.",
    for_staff_help: "Mời Ông/Bà đưa giấy hẹn, phiếu số hoặc thẻ căn cước vào đầu đọc.",
    vneid: "Máy chưa đọc được mã\u{a0}VNeID.",
    vneid_help: "Mời Ông/Bà đưa mã QR trên thẻ căn cước; không có thẻ vẫn lấy được số.",
    old_slip: "Phiếu này đã hết lượt.",
    old_slip_help: "Mời Ông/Bà lấy số mới hoặc gặp cán bộ hướng dẫn.",
    card_unchecked: "Chưa kiểm tra được thẻ.",
    card_unchecked_help: "Không cần thẻ, Ông/Bà vẫn lấy được số.",
    card_read: "Đã nhận thẻ căn cước.",
    card_holds: "Ông/Bà đang có số {}.",
    card_aged: "Theo tuổi trên thẻ, máy đã chọn số ưu\u{a0}tiên.",
    card_notice: "Máy chỉ kiểm tra trùng số trong ngày, không lưu thông tin thẻ căn cước.",
    had_before: "Ông/Bà đã có số\u{a0}này.",
    had_before_help: "Không cần lấy thêm. Mời Ông/Bà ngồi chờ gọi số.",
    had_called: "Mời Ông/Bà đến Quầy\u{a0}số\u{a0}{}",
    had_called_help: "Số này đang được gọi.",
    had_missed: "Ông/Bà đã lỡ lượt\u{a0}gọi.",
    had_missed_help: "Mời Ông/Bà đưa phiếu số vào đầu đọc, hoặc gặp cán bộ hướng dẫn, để chờ gọi lại.",
    back_in_line: "Số đã trở lại hàng\u{a0}chờ.",
    back_in_line_help: "Mời Ông/Bà ngồi chờ, quầy sẽ gọi lại.",

    your_number: "Số thứ tự của Ông/Bà",
    you_are_next: "Sắp đến lượt Ông/Bà",
    none_ahead: "Trước Ông/Bà chưa có ai",
    one_ahead: "Trước Ông/Bà còn 1 người",
    ahead: "Trước Ông/Bà còn {} người",
    about: "ước tính chờ {}",
    kept: "Số được giữ qua giờ nghỉ, gọi từ {}",
    scan_to_follow: "Quét mã để xem lượt chờ",
    printing: "Đang in phiếu…",
    take: "Mời Ông/Bà nhận\u{a0}phiếu",
    remember: "Mời Ông/Bà ghi\u{a0}nhớ\u{a0}số",
    take_elsewhere: "Phiếu in ở máy khác: {}.",
    no_paper: "Máy in đang hết\u{a0}giấy.",
    no_printer: "Máy in đang tạm\u{a0}ngừng.",
    no_paper_help: "Số {} của Ông/Bà vẫn có giá trị. Mời Ông/Bà ghi\u{a0}nhớ\u{a0}số hoặc báo cán bộ hướng\u{a0}dẫn.",
    no_slip: "Ông/Bà chưa\u{a0}thấy\u{a0}phiếu?",
    slow_paper: "Phiếu in chậm hơn thường lệ.",
    slow_paper_help: "Số {} của Ông/Bà đã có giá trị. Mời Ông/Bà ghi\u{a0}nhớ\u{a0}số hoặc báo cán bộ hướng\u{a0}dẫn.",
    change: "Chọn nhầm? Bấm để đổi\u{a0}lĩnh\u{a0}vực",
    change_question: "Đổi số {} sang lĩnh vực nào?",
    remembered: "Tôi đã ghi nhớ số",
    home_in: "Tự về trang đầu sau {} giây",
    home_in_one: "Tự về trang đầu sau 1 giây",

    still_there: "Ông/Bà có muốn tiếp\u{a0}tục\u{a0}không?",
    go_on: "Tiếp tục",
    end: "Kết thúc",

    starting: "Máy đang khởi động…",
    away: "Máy tạm ngừng phục vụ.",
    ask_staff: "Mời Ông/Bà gặp cán bộ hướng dẫn.",
    not_yet: "Chưa đến giờ phát số.",
    not_yet_from: "Bắt đầu từ {}.",
    noon: "Đang nghỉ trưa.",
    noon_from: "Buổi chiều phát số từ {}.",
    gap: "Hiện tạm ngừng phát số.",
    gap_from: "Phát số lại từ {}.\u{a0}Số đã phát vẫn được gọi.",
    calls_from: "gọi từ\u{a0}{}",
    over: "Đã hết giờ phát số hôm nay.",
    over_until: "Mời Ông/Bà trở lại lúc {}.",
    day_off: "Hôm nay cơ quan nghỉ.",
    unplanned: "Cơ quan tạm nghỉ đột xuất.",
    come_back: "Mời Ông/Bà trở lại lúc {}.",
    closed: "Hiện máy chưa phát số.",

    call_lead: "Mời công dân có số",
    call_counter: "Quầy số {}",
    call_counter_short: "Quầy {}",
    call_whole: "Mời công dân có số {} đến quầy số {}",
    call_again: "Gọi lần {}",
    no_calls: "Mời Ông/Bà lấy số và chờ gọi",
    no_calls_help: "Số được gọi sẽ hiện ở đây.",
    stale_since: "Mất kết nối. Số liệu đến {}.",
    stale: "Mất kết nối. Số liệu có thể đã cũ.",
    lobby_away: "Màn hình tạm ngừng phục vụ.",
    lobby_closed: "Hiện cơ quan chưa tiếp nhận.",
};

static ENGLISH: Words = Words {
    question: "What would you like to do?",
    question_more: "Please choose.",
    step_touch: "Touch what you came for",
    step_slip: "Take your ticket",
    step_number: "Remember your number",
    step_wait: "Wait to be called",
    hotline: "Hotline: {}",
    clock_unknown: "Clock not set",
    larger: "Larger text",
    smaller: "Normal text",
    back: "Back",
    home: "Home",

    nobody_waiting: "Nobody waiting",
    nobody_short: "Nobody yet",
    one_waiting: "1 waiting",
    waiting: "{} waiting",
    waiting_short: "{} waiting",
    minutes: "{} min",
    hours: "{} hours",
    full_short: "No numbers left today",
    full_shorter: "No numbers left",
    full: "No numbers are left for this service today.",
    paused_short: "Paused today",
    paused_shorter: "Paused",
    paused: "This service is paused today.",
    late_short: "Enough waiting today",
    late_shorter: "Enough waiting",
    late: "As many people wait as can be served today.",
    from_short: "Numbers from {}",
    from_shorter: "From {}",
    from: "Numbers for this service start at {}.",
    not_today_short: "No numbers today",
    not_today_shorter: "Not today",
    not_today: "No numbers for this service today.",
    ended_short: "Closed for today",
    ended_shorter: "Closed",
    ended: "No more numbers for this service today.",
    service_help: "Please ask a member of staff.",
    service_help_until: "Please ask a member of staff, or come back on {}.",

    priority: "Priority",
    priority_question: "Do you need priority service?",
    priority_who: "Priority is for: {}.",
    priority_yes: "Yes",
    priority_no: "No",
    priority_chosen: "Your number will have priority",
    priority_drop: "No priority",

    issuing: "Getting your number…",
    issuing_slow: "One moment, please.",
    issuing_retry: "Trying again. One moment, please.",
    no_answer: "The machine could not get your number.",
    no_answer_help: "Please try again or ask a member of staff.",
    try_again: "Try again",
    refused: "No number yet",

    receipt_hint: "or hold receipt to reader",
    unreadable: "The code could not be read.",
    unreadable_help: "Please scan again, choose on the screen or ask a member of staff.",
    for_staff: "This code is for staff at the counters.",
    for_staff_help: "Please hold your receipt, your ticket or your citizen card to the reader.",
    vneid: "VNeID codes cannot be read here.",
    vneid_help: "Please hold the QR code of your citizen card to the reader; a number is possible without one.",
    old_slip: "This ticket is over.",
    old_slip_help: "Please take a new number or ask a member of staff.",
    card_unchecked: "The card could not be checked.",
    card_unchecked_help: "You can take a number without a card.",
    card_read: "Card read.",
    card_holds: "You have number {}.",
    card_aged: "By the age on the card, priority is chosen.",
    card_notice: "Only checked for a second number today; nothing is stored.",
    had_before: "You have this number already.",
    had_before_help: "There is no need for another. Please wait to be called.",
    had_called: "Please go to Counter\u{a0}{}",
    had_called_help: "This number is being called.",
    had_missed: "You missed your call.",
    had_missed_help: "Hold your ticket to the reader, or ask a member of staff, to be called again.",
    back_in_line: "Your number is back in line.",
    back_in_line_help: "Please wait, you will be called again.",

    your_number: "Your number",
    you_are_next: "You are next",
    none_ahead: "Nobody is ahead of you",
    one_ahead: "1 person ahead",
    ahead: "{} people ahead",
    about: "about {}",
    kept: "Kept over the break; calls go on at {}",
    scan_to_follow: "Scan to follow your place",
    printing: "Printing…",
    take: "Please take your ticket",
    remember: "Please remember your number",
    take_elsewhere: "It comes out of another printer: {}.",
    no_paper: "The printer is out of paper.",
    no_printer: "The printer is not working just now.",
    no_paper_help: "{} is still valid: please remember it or tell a member of staff.",
    no_slip: "No ticket came out?",
    slow_paper: "Printing takes longer than usual.",
    slow_paper_help: "{} is valid: please remember it or tell a member of staff.",
    change: "Wrong choice? Change it",
    change_question: "Change {} to which service?",
    remembered: "I have noted my number",
    home_in: "Back to the start in {} seconds",
    home_in_one: "Back to the start in 1 second",

    still_there: "Would you like to continue?",
    go_on: "Continue",
    end: "Finish",

    starting: "Starting…",
    away: "This machine is out of service.",
    ask_staff: "Please ask a member of staff.",
    not_yet: "Not open yet.",
    not_yet_from: "Numbers start at {}.",
    noon: "Lunch break.",
    noon_from: "Numbers again from {}.",
    gap: "No numbers at the moment.",
    gap_from: "Numbers again from {}. Calls go on.",
    calls_from: "called from\u{a0}{}",
    over: "No more numbers today.",
    over_until: "Please come back on {}.",
    day_off: "We are closed today.",
    unplanned: "We are closed for the moment.",
    come_back: "Please come back on {}.",
    closed: "No numbers are given out right now.",

    call_lead: "Number",
    call_counter: "Counter {}",
    call_counter_short: "Counter {}",
    call_whole: "{}, please go to counter {}",
    call_again: "Call {}",
    no_calls: "Please take a number and wait",
    no_calls_help: "Called numbers appear here.",
    stale_since: "No connection. Figures as of {}.",
    stale: "No connection. Figures may be old.",
    lobby_away: "This screen is out of service.",
    lobby_closed: "The office is not open now.",
};

/// Puts `value` where `text` has `{}`.
pub fn fill(text: &str, value: impl std::fmt::Display) -> String {
    text.replacen("{}", &value.to_string(), 1)
}

impl Language {
    /// 1.234 or 1,234.
    pub fn number(self, value: u32) -> String {
        let digits = value.to_string();
        let separator = match self {
            Self::Vietnamese => '.',
            Self::English => ',',
        };
        let mut grouped = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// *10–15 phút*; two hours and more in hours, since nobody needs those minutes.
    pub fn range(self, wait: Range) -> String {
        let words = self.words();
        // As on slips and phones: "0 minutes" promises what nobody can keep.
        let low = (wait.low / 60).max(1);
        let high = wait.high.div_ceil(60).max(low);
        let span = |low: u32, high: u32| {
            if low >= high {
                high.to_string()
            } else {
                format!("{low}–{high}")
            }
        };
        if low >= 120 {
            fill(words.hours, span(low / 60, high.div_ceil(60)))
        } else {
            fill(words.minutes, span(low, high))
        }
    }

    /// *4 người chờ · 10–15 phút*, and two shorter wordings for where that does not fit.
    pub fn waiting(self, people: u32, wait: Option<Range>) -> [String; 3] {
        let words = self.words();
        let short = fill(words.waiting_short, self.number(people));
        let long = match people {
            // A bare "0" is a riddle.
            0 => {
                let nobody = words.nobody_short.to_owned();
                return [words.nobody_waiting.to_owned(), nobody.clone(), nobody];
            }
            1 => words.one_waiting.to_owned(),
            more => fill(words.waiting, self.number(more)),
        };
        match wait {
            Some(wait) => {
                let wait = self.range(wait);
                [
                    format!("{long} · {wait}"),
                    format!("{short} · {wait}"),
                    short,
                ]
            }
            None => [long, short.clone(), short],
        }
    }

    /// Who waits for a service; before a break that comes first, *20 chờ · gọi từ 13 giờ 30*.
    pub fn waits(self, service: &Service) -> [String; 3] {
        let kept = service.kept_until.as_deref().and_then(when::written);
        match kept.filter(|_| service.waiting > 0) {
            None => self.waiting(service.waiting, service.wait_seconds),
            Some(at) => {
                let from = fill(self.words().calls_from, when::hour(at, self));
                let [long, short, shortest] = self.waiting(service.waiting, None);
                [
                    format!("{long} · {from}"),
                    format!("{short} · {from}"),
                    shortest,
                ]
            }
        }
    }

    /// *Trước Ông/Bà còn 4 người · ước tính chờ 10–15 phút*.
    pub fn ahead(self, people: Option<u32>, wait: Option<Range>) -> String {
        let words = self.words();
        let people = match people {
            None => return String::new(),
            // Where no counter serves nobody is next.
            Some(0) if wait.is_none() => words.none_ahead.to_owned(),
            Some(0) => return words.you_are_next.to_owned(),
            Some(1) => words.one_ahead.to_owned(),
            Some(more) => fill(words.ahead, self.number(more)),
        };
        match wait {
            Some(wait) => format!("{people} · {}", fill(words.about, self.range(wait))),
            None => people,
        }
    }

    /// *Tự về trang đầu sau 12 giây*.
    pub fn home_in(self, seconds: u64) -> String {
        let words = self.words();
        if seconds == 1 {
            words.home_in_one.to_owned()
        } else {
            fill(words.home_in, seconds)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_read_as_people_say_them() {
        let wait = |low, high| Some(Range { low, high });
        let vi = Language::Vietnamese;
        assert_eq!(vi.waiting(4, wait(600, 900))[0], "4 người chờ · 10–15 phút");
        assert_eq!(vi.waiting(4, wait(600, 900))[1], "4 chờ · 10–15 phút");
        assert_eq!(vi.waiting(1234, None)[0], "1.234 người chờ");
        assert_eq!(vi.waiting(2, wait(300, 300))[0], "2 người chờ · 5 phút");
        assert_eq!(vi.waiting(2, wait(0, 200))[0], "2 người chờ · 1–4 phút");
        assert_eq!(vi.waiting(2, wait(90, 200))[0], "2 người chờ · 1–4 phút");
        assert_eq!(vi.ahead(Some(0), wait(0, 60)), "Sắp đến lượt Ông/Bà");
        assert_eq!(vi.ahead(None, wait(0, 60)), "");
        let en = Language::English;
        assert_eq!(
            en.ahead(Some(4), wait(600, 900)),
            "4 people ahead · about 10–15 min"
        );
        assert_eq!(
            en.waiting(90, wait(7200, 9100))[0],
            "90 waiting · 2–3 hours"
        );
    }
}
