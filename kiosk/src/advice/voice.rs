//! Sentences about the office's voice: recording, trying, packs.

use axum::http::StatusCode as S;
use voice::level::Unusable;

use super::{Sentence, say};
use crate::packs::{MakeError, PackError, RecordError};

/// A clip that a call needs is not there.
pub fn no_such_clip() -> Sentence {
    say(
        S::NOT_FOUND,
        "no-such-clip",
        "Còn thiếu mẫu giọng đọc nên chưa nghe được. Mời tạo giọng máy hoặc thu âm mẫu còn thiếu.",
        "Recordings are missing, so that it cannot be heard. Please make the machine's voice, or record what is missing.",
    )
}

/// The upload has no end.
pub fn recording_too_long() -> Sentence {
    say(
        S::PAYLOAD_TOO_LARGE,
        "recording-too-long",
        "Tệp âm thanh quá dài. Mời thu lại, mỗi mẫu chỉ vài giây.",
        "The sound file is too long. Please record again; each recording is a few seconds.",
    )
}

/// Why a recording does not become a clip.
pub fn bad_recording(error: &RecordError) -> Sentence {
    match error {
        RecordError::Wav(_) => say(
            S::UNPROCESSABLE_ENTITY,
            "not-a-recording",
            "Không đọc được tệp âm thanh này. Máy nhận tệp WAV 16 bit, một hoặc hai kênh.",
            "This sound file cannot be read. WAV files with 16 bits and one or two channels can.",
        ),
        RecordError::Unusable(Unusable::Silent) => say(
            S::UNPROCESSABLE_ENTITY,
            "silent-recording",
            "Không nghe thấy tiếng nói. Mời kiểm tra micrô, nói gần hơn rồi thu lại.",
            "Nothing is to be heard. Please check the microphone, speak closer to it and record again.",
        ),
        RecordError::Unusable(Unusable::TooLong) => say(
            S::UNPROCESSABLE_ENTITY,
            "recording-too-long",
            "Mẫu dài quá 8 giây. Mời chỉ đọc đúng những chữ đang hiện rồi thu lại.",
            "The recording is longer than 8 seconds. Please say only the words shown, and record again.",
        ),
        RecordError::Io(_) => full(),
    }
}

fn full() -> Sentence {
    say(
        S::SERVICE_UNAVAILABLE,
        "voice-not-kept",
        "Bộ nhớ của máy đã đầy hoặc không ghi được nên chưa lưu được âm thanh. Mời báo cán bộ kỹ thuật.",
        "The machine's storage is full or read-only, so that the sound was not kept. Tell the technician.",
    )
}

/// Why there is no first set.
pub fn voice_not_made(error: &MakeError) -> Sentence {
    match error {
        MakeError::NoProgram => say(
            S::CONFLICT,
            "no-speech-program",
            "Máy chưa cài chương trình đọc chữ. Mời cán bộ kỹ thuật cài gói espeak-ng, hoặc thu âm giọng của cơ quan.",
            "No speech program is installed. Ask the technician to install espeak-ng, or record the office's own voice.",
        ),
        MakeError::Io { .. } => full(),
        MakeError::Failed { .. } | MakeError::Unusable { .. } => say(
            S::CONFLICT,
            "voice-not-made",
            "Chương trình đọc chữ chưa tạo được giọng. Mời cán bộ kỹ thuật cài lại gói espeak-ng; thu âm thì vẫn được.",
            "The speech program could not make the voice. Ask the technician to install espeak-ng again; recording still works.",
        ),
    }
}

/// Why a pack is not taken in, or there is none to take along.
pub fn bad_pack(error: &PackError) -> Sentence {
    match error {
        PackError::Empty => say(
            S::CONFLICT,
            "empty-pack",
            "Cơ quan chưa thu âm mẫu nào trong ngôn ngữ này nên chưa có gì để chia sẻ.",
            "The office has recorded nothing in this language yet, so there is nothing to share.",
        ),
        PackError::Newer(_) => say(
            S::UNPROCESSABLE_ENTITY,
            "newer-pack",
            "Gói giọng đọc này do phiên bản mới hơn tạo ra. Mời cập nhật máy rồi nhập lại.",
            "This voice pack was made by a newer version. Please update this machine and try again.",
        ),
        PackError::Io(_) => full(),
        PackError::NotAPack(_) | PackError::TooLarge | PackError::Clip { .. } => say(
            S::UNPROCESSABLE_ENTITY,
            "bad-pack",
            "Tệp này không phải gói giọng đọc dùng được nên không nhập gì. Mời xin lại tệp ZIP tải về từ trang này ở máy khác.",
            "This file is no voice pack that can be used, so nothing was taken in. Please ask for the ZIP file that this page gives on another machine.",
        ),
    }
}
