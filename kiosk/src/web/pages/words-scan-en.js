// English words of the counter page about scanners, scans and sound, beside words-en.js. words-scan-vi.js has the same keys.
(function () {
  'use strict';
  Object.assign(window.WordTables.en, {
    'scan.not-taken': 'Not taken by the server: {detail}',
    'scan.not-taken.plain': 'Check the code and scan again.',
    'scan.not-sent': 'Not sent: {detail}',
    'scan.card': 'This is an identity card: not stored, not sent. Please scan a dossier ID.',
    'scan.card.name': 'identity card',
    'scan.damaged': 'The Vietnamese input method (Telex/VNI) has damaged the code. Switch it to English for this window (Unikey: Ctrl+Shift) and scan again, or use the scanner through its COM port.',
    'scan.broken-off': 'The scanner stopped half-way; this code does not count. Please scan that paper again. If it happens every time: set the scanner to send Enter after each code.',
    'purpose.set': 'Next codes: {purpose}',
    'hand.dossiers.taken-for': '{dossier} (ticket taken with the receipt)',
    'queue.dossier': 'Dossier {dossier}',

    'act.equipment': 'Scanner and sound',
    'equipment.question': 'Scanner and sound at this counter',
    'act.settle': 'Decide',
    'did.settle': 'Noted',
    'settle.question': 'Is this dossier’s scan in the dossier software? Please look there before you choose.',
    'settle.taken': 'It is there',
    'settle.again': 'It is not: send again',
    'settle.dropped': 'No need to send it',
    'serial.title': 'Scanner on a COM port: {state}',
    'serial.title.off': 'Scanner on a COM port: read also while another window is open, past the input method',
    'serial.choose': 'Open a scanner on a COM port',
    'serial.close': 'Stop using the scanner on the COM port',
    'serial.speed': 'Speed of the port (USB scanners need none)',
    'serial.speed.now': '{baud} (in use)',
    'serial.line': 'COM scanner: {state}',
    'serial.open': 'ready',
    'serial.lost': 'not found, check the cable',
    'serial.taken': 'cannot be opened, another program may be using it',
    'serial.garbled': 'The scanner sent an incomplete code. Please scan again; if it stays so, check the port’s speed and the cable.',
    'sound.title': 'Sound',
    'sound.mute': 'Mute',
    'sound.unmute': 'Unmute',
    'sound.muted': 'Sound: muted',
    'sound.blocked': 'Press a key to switch the sound on',
    'sound.hear.taken': 'Listen: taken',
    'sound.hear.repeat': 'Listen: scanned again',
    'sound.hear.refused': 'Listen: not taken'
  });
}());
