//! The way to the dossier software: why nothing gets through, and the one thing to do about it.

use super::Pair;

/// What the newest failure looked like, in the words of `AwayCause`, and what helps.
pub fn intake_away_because(cause: &str) -> Pair {
    let (vi, en) = match cause {
        "silent" => (
            "Máy chủ nhận kết nối nhưng không trả lời kịp. Mời báo đơn vị quản lý phần mềm.",
            "Its server takes the connection and does not answer in time. Tell whoever runs the software.",
        ),
        "server-error" | "odd-answer" => (
            "Máy chủ đang báo lỗi của chính nó. Mời báo đơn vị quản lý phần mềm.",
            "Its server reports an error of its own. Tell whoever runs the software.",
        ),
        "busy" => (
            "Máy chủ đang quá tải và hẹn gửi lại sau. Không cần làm gì.",
            "Its server is overloaded and asks to be tried later. Nothing is to be done.",
        ),
        "wrong-name" => (
            "Chứng thư của máy chủ mang tên khác với địa chỉ đã khai. Mời cán bộ kỹ thuật kiểm tra url trong mục [intake].",
            "The server's certificate is for another name than the configured address. Ask the technician to check url in [intake].",
        ),
        "unknown-authority" => (
            "Chứng thư của máy chủ do nơi mà máy này không tin cậy cấp. Mời cán bộ kỹ thuật kiểm tra authority trong mục [intake].",
            "The server's certificate is from an authority that this machine does not trust. Ask the technician to check authority in [intake].",
        ),
        "certificate-date" => (
            "Chứng thư của máy chủ không có hiệu lực vào ngày giờ này. Mời kiểm tra ngày giờ của máy này; nếu đúng, báo đơn vị quản lý phần mềm.",
            "The server's certificate is not valid at this time. Check date and time of this machine; if they are right, tell whoever runs the software.",
        ),
        "our-certificate" => (
            "Máy chủ không chấp nhận chứng thư của máy này. Mời cán bộ kỹ thuật kiểm tra certificate và key trong mục [intake].",
            "The server does not accept this machine's certificate. Ask the technician to check certificate and key in [intake].",
        ),
        "no-tls" => (
            "Không lập được kết nối bảo mật với máy chủ. Mời cán bộ kỹ thuật kiểm tra url trong mục [intake].",
            "No secure connection to the server can be made. Ask the technician to check url in [intake].",
        ),
        _ => (
            "Không kết nối được máy chủ. Mời kiểm tra dây mạng.",
            "Its server cannot be reached. Check the network cable.",
        ),
    };
    [vi.to_owned(), en.to_owned()]
}

/// The same with since when, and what waits meanwhile.
pub fn intake_away(cause: &str, minutes: u64, pending: u32) -> Pair {
    let [vi, en] = intake_away_because(cause);
    [
        format!(
            "Chưa gửi được sang phần mềm một cửa từ {minutes} phút nay; {pending} mã hồ sơ đang chờ, vẫn được lưu và tự gửi khi thông. {vi} (I1)"
        ),
        format!(
            "Nothing has reached the dossier software for {minutes} min; {pending} scans wait, are kept and sent by themselves once it works. {en} (I1)"
        ),
    ]
}
