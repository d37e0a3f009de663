// Vietnamese words of the counter page about scanners, scans and sound, beside words-vi.js. words-scan-en.js has the same keys.
(function () {
  'use strict';
  Object.assign(window.WordTables.vi, {
    'scan.not-taken': 'Máy chủ chưa nhận: {detail}',
    'scan.not-taken.plain': 'Kiểm tra lại mã rồi quét lại.',
    'scan.not-sent': 'Chưa gửi đi: {detail}',
    'scan.card': 'Đây là thẻ căn cước, không lưu, không gửi đi. Mời quét mã hồ sơ.',
    'scan.card.name': 'thẻ căn cước',
    'scan.damaged': 'Bộ gõ tiếng Việt (Telex/VNI) đã làm hỏng mã. Chuyển bộ gõ sang tiếng Anh ở cửa sổ này (Unikey: Ctrl+Shift) rồi quét lại, hoặc dùng máy quét qua cổng COM.',
    'scan.broken-off': 'Máy quét ngừng giữa chừng, mã này không được tính. Mời quét lại giấy đó. Nếu lần nào cũng vậy: đặt máy quét gửi Enter sau mỗi mã.',
    'purpose.set': 'Mã tiếp theo: {purpose}',
    'hand.dossiers.taken-for': '{dossier} (lấy số bằng giấy hẹn)',
    'queue.dossier': 'Hồ sơ {dossier}',

    'act.equipment': 'Máy quét và âm thanh',
    'equipment.question': 'Máy quét và âm thanh ở quầy này',
    'act.settle': 'Xử lý',
    'did.settle': 'Đã ghi nhận',
    'settle.question': 'Mã này đã có trên phần mềm một cửa chưa? Mời kiểm tra trên phần mềm trước khi chọn.',
    'settle.taken': 'Đã có trên phần mềm',
    'settle.again': 'Chưa có, gửi lại',
    'settle.dropped': 'Không cần gửi nữa',
    'serial.title': 'Máy quét qua cổng COM: {state}',
    'serial.title.off': 'Máy quét qua cổng COM: nhận mã cả khi đang mở cửa sổ khác, không qua bộ gõ',
    'serial.choose': 'Mở máy quét qua cổng COM',
    'serial.close': 'Ngừng dùng máy quét qua cổng COM',
    'serial.speed': 'Tốc độ cổng (máy quét USB không cần chọn)',
    'serial.speed.now': '{baud} (đang dùng)',
    'serial.line': 'Máy quét COM: {state}',
    'serial.open': 'sẵn sàng',
    'serial.lost': 'không thấy, kiểm tra dây cắm',
    'serial.taken': 'chưa mở được, có thể chương trình khác đang dùng',
    'serial.garbled': 'Máy quét gửi mã không trọn vẹn. Mời quét lại; nếu vẫn thế, kiểm tra tốc độ cổng và dây cắm.',
    'sound.title': 'Âm thanh',
    'sound.mute': 'Tắt âm thanh',
    'sound.unmute': 'Bật âm thanh',
    'sound.muted': 'Âm thanh: đã tắt',
    'sound.blocked': 'Bấm một phím để bật âm thanh',
    'sound.hear.taken': 'Nghe thử: đã nhận',
    'sound.hear.repeat': 'Nghe thử: quét lại',
    'sound.hear.refused': 'Nghe thử: chưa nhận'
  });
}());
