// What a scanner that types like a keyboard has typed, read by its keys.
//
// Pure: keys and the time they went down come in, a reading comes out; no clock, no page. A scanner
// names keys by their place on a US keyboard, so the place (`KeyboardEvent.code`) says what was
// scanned, whatever Caps Lock, the layout or an input method (Telex, VNI) has made of it.
//
// Promises:
// - a reading is whole, or says that it is not: a key without a place, a correction in the middle
//   of a burst or text that no key explains spoils it, because a key may have been swallowed;
// - hands are told from scanners by the pace of all keys of a code, so one late key changes nothing;
// - a code that its scanner broke off never becomes the beginning of the next;
// - ALT mode (a byte as its number on the keypad with Alt held) and control characters are understood.
//
// Known limit: a scanner set to another keyboard than the US one is read wrongly here, and refused:
// its dashes and digits are elsewhere, so that no other dossier's code can come of it.

/** Two keys nearer than this are a scanner's: it types one every 1 to 20 ms, hands hardly under 80. */
export const BURST_MS = 60;
// The middle one of all pauses of a code. Slow scanners pause 30 ms; of a hand no half is so fast.
const SCANNED_PAUSE_MS = 45;
const SCANNED_KEYS_MIN = 4; // The shortest code is a queue number, as A012.
const CUT_MS = 1000; // A scanner that stands still as long within a code was unplugged, or ends its codes with nothing.
const KEYS_MAX = 4096; // Far beyond any code; a box nobody empties must not grow a reading for ever.

const ROWS = {
  Digit1: '1!', Digit2: '2@', Digit3: '3#', Digit4: '4$', Digit5: '5%', Digit6: '6^', Digit7: '7&', Digit8: '8*',
  Digit9: '9(', Digit0: '0)', Minus: '-_', Equal: '=+', BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|',
  Semicolon: ';:', Quote: '\'"', Backquote: '`~', Comma: ',<', Period: '.>', Slash: '/?', Space: '  ',
  NumpadDecimal: '..', NumpadSubtract: '--', NumpadAdd: '++', NumpadDivide: '//', NumpadMultiply: '**',
};
const CONTROLS = '[\\]^_'; // With Control held these and the letters are control characters: Ctrl+] is GS1's separator.

/** The sign that a key of a US keyboard types; '' for a key that types none. */
export function usSign(code, shift) {
  if (/^Key[A-Z]$/.test(code)) { return shift ? code[3] : code[3].toLowerCase(); }
  if (/^Numpad\d$/.test(code)) { return code[6]; }
  const signs = ROWS[code];
  return signs ? signs[shift ? 1 : 0] : '';
}

// Bytes, since ALT mode types UTF-8 byte by byte. What is not UTF-8 keeps its digits and bars as
// Latin-1: a citizen card must be known for one to the last.
function decoded(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes));
  } catch (other) {
    return bytes.map((byte) => String.fromCharCode(byte)).join('');
  }
}

function middle(pauses) {
  const sorted = pauses.slice().sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** One code while it is being typed. `at` is in milliseconds on any clock that only rises. */
export function openReading() {
  let bytes = [];
  let pauses = [];
  let last = -Infinity;
  let altNumber = null;
  let spoilt = false;

  function restart() {
    bytes = [];
    pauses = [];
    altNumber = null;
    spoilt = false;
  }

  const inBurst = (at) => at - last < BURST_MS;

  // The first pause is that before the code.
  function byScanner() {
    const typed = pauses.slice(1);
    return typed.length >= SCANNED_KEYS_MIN && middle(typed) <= SCANNED_PAUSE_MS;
  }

  /** Whether a scanner has begun a code, not ended it, and stood still since: the next key is another code's. */
  const brokenOff = (at) => at - last >= CUT_MS && byScanner();

  function paced(at, repeated) {
    // A key held down repeats as fast as a scanner types.
    pauses.push(repeated ? Infinity : at - last);
    last = at;
  }

  /** A key that types something went down. */
  function press({ code, keyCode, shift, alt, control, repeated }, at) {
    paced(at, repeated);
    // The kernel or the desktop repeats a stuck key, not the scanner.
    if (repeated) { return; }
    if (bytes.length >= KEYS_MAX) { spoilt = true; return; }
    if (alt && !control) {
      if (/^Numpad\d$/.test(code)) { altNumber = (altNumber || 0) * 10 + Number(code[6]); } else { spoilt = true; }
      return;
    }
    // 231: Windows hands in a sign of a program (an input method's) as if a key had typed it.
    const sign = keyCode === 231 ? '' : usSign(code, shift);
    if (sign === '') { spoilt = true; return; }
    const byte = sign.charCodeAt(0);
    if (!control) { bytes.push(byte); return; }
    if (/[a-z]/i.test(sign) || CONTROLS.includes(sign)) { bytes.push(byte & 0x1F); } else { spoilt = true; }
  }

  /** Alt went up: the number typed with it is a byte. */
  function altUp() {
    if (altNumber === null) { return; }
    if (altNumber > 255) { spoilt = true; } else { bytes.push(altNumber); }
    altNumber = null;
  }

  /** A function key in a burst: some scanners send control characters so. At an end of a code it says nothing. */
  function strangeKey(at) {
    paced(at, false);
    bytes.push(0);
  }

  /**
   * Text was changed by something else than a key that types: a hand corrects or pastes, or an input
   * method is at work. Of a scan a key may be missing then, however long before it came.
   */
  function touched(at) {
    if (inBurst(at)) { last = at; }
    spoilt = true;
  }

  /**
   * The end of line came. `scanned`: a scanner typed it; `whole`: no key is missing. Only the text
   * of a whole one counts; that of another tells no more than that it was a card's.
   */
  function end(at) {
    paced(at, false);
    altUp();
    const scanned = byScanner();
    // Trimmed here because a function key before or behind a code is nobody's letter.
    const found = { scanned, whole: scanned && !spoilt, text: decoded(bytes).replace(/^[\0\s]+|[\0\s]+$/g, '') };
    restart();
    return found;
  }

  return { press, altUp, strangeKey, touched, end, restart, inBurst, brokenOff };
}
