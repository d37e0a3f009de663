// Keyboard and scan box: who gets which key.
//
// A barcode scanner is a keyboard that types faster than any hand, at any moment. Promises:
// - every letter, digit, Enter and Tab belongs to the scan box, whatever has the focus;
// - no act hangs on a key a scanner can send: acts are function keys, and one that comes in the
//   middle of a burst (some scanners send control characters so) is dropped;
// - Enter and Tab take the whole text of the box and clear it at once;
// - what a scanner typed counts as its keys say, not as an input method has rewritten it in the
//   box; where keys are missing it is damaged and never taken. What hands typed is what the box holds.
//
// Without a mouse: Tab in an empty box or the arrow keys walk over the buttons, the space bar presses.

import { isCard } from './sifting.js';
import { BURST_MS, openReading } from './wedge.js';

const WALK_MS = 15000; // A walk nobody goes on with ends, and the box has the focus again.

/**
 * `take(code)` gets a code, `damaged(texts)` what there is of a scan that lost keys, `brokenOff(text)`
 * of one that its scanner never ended, `act(name)` a function key's act, `escape()` the escape key.
 */
export function watchKeys({ box, acts, take, damaged, brokenOff, act, escape }) {
  const reading = openReading();
  let pressing = null;
  let walking = null;
  let onCommit = null; // A hand's reading, until its input method lets go of the last letters.
  let leftover = false; // Of a scan already taken an input method still holds letters.
  let explained = false; // The next change of the box follows from a key.

  // A list longer than its place is walked to as well: there the page keys scroll it.
  const buttons = () => Array.from(document.querySelectorAll('button, a[href], section[tabindex]'))
    .filter((button) => !button.disabled && button.offsetParent !== null)
    .filter((button) => button.tagName !== 'SECTION' || button.scrollHeight > button.clientHeight);

  function home() {
    clearTimeout(walking);
    walking = null;
    if (document.activeElement !== box) { box.focus({ preventScroll: true }); }
  }

  // Some drivers put a whole text in at once: line ends and tabs in it part codes as the keys would.
  function takeLines(text) {
    text.split(/[\r\n\t]+/).map((line) => line.trim()).filter(Boolean).forEach(take);
  }

  // The rest of a card is a name and an address: nobody reads over the clerk's shoulder.
  function veil() { box.classList.toggle('veiled', isCard(box.value)); }

  function clear() {
    box.value = '';
    veil();
    onCommit = null;
    leftover = false;
  }

  function takeAll(read) {
    const text = box.value;
    clear();
    if (!read.scanned) { takeLines(text); } else if (!read.whole) { damaged([text, read.text]); } else if (read.text) { take(read.text); }
  }

  function walk(step) {
    const all = buttons();
    const from = all.indexOf(document.activeElement);
    const panel = document.querySelector('.panel:not([hidden])');
    // An open question comes first: its buttons are what the clerk is looking for.
    const first = panel ? all.findIndex((button) => panel.contains(button) && !button.classList.contains('cancel')) : -1;
    const start = from < 0 && first >= 0 ? first : from + step;
    const to = all[(start + all.length) % all.length];
    if (!to) { return; }
    clearTimeout(walking);
    walking = setTimeout(home, WALK_MS);
    to.focus();
  }

  // A key that types: its place is read, and the box gets it.
  function typed(event, control) {
    const at = event.timeStamp;
    if (leftover) { clear(); }
    if (box.value !== '' && reading.brokenOff(at)) {
      brokenOff(box.value);
      clear();
    }
    if (box.value === '' && !reading.inBurst(at)) { reading.restart(); }
    reading.press({
      code: event.code, keyCode: event.keyCode, shift: event.shiftKey, alt: event.altKey, control, repeated: event.repeat,
    }, at);
    explained = !control && !event.altKey;
    clearTimeout(pressing);
    home();
  }

  function enter(event) {
    event.preventDefault();
    const read = reading.end(event.timeStamp);
    // An input method may still hold the last letters of a hand: they come with its `compositionend`.
    if (event.isComposing && !read.scanned) { onCommit = read; } else {
      takeAll(read);
      leftover = event.isComposing;
    }
    home();
  }

  function functionKey(event) {
    const burst = reading.inBurst(event.timeStamp);
    const name = acts[event.key];
    if (burst) { reading.strangeKey(event.timeStamp); }
    if (burst || name) { event.preventDefault(); }
    if (burst || event.repeat || !name || event.shiftKey) { return; }
    act(name);
  }

  // Scanners send control characters as chords: Ctrl+M and Ctrl+J are ends of line, Ctrl+I is Tab.
  function chord(event) {
    if (/^Key[MJI]$/.test(event.code) && !event.shiftKey) { enter(event); return; }
    if (!reading.inBurst(event.timeStamp) || /^(Control|Meta|Shift)/.test(event.key)) { return; }
    event.preventDefault();
    typed(event, true);
  }

  function space(event) {
    const burst = reading.inBurst(event.timeStamp);
    const button = document.activeElement;
    event.preventDefault();
    if (event.repeat || burst) { return; }
    // A code that begins with a space must not press a button: wait for what comes next.
    clearTimeout(pressing);
    pressing = setTimeout(() => { if (button.isConnected && !button.disabled && button.tagName !== 'SECTION') { button.click(); home(); } }, BURST_MS);
  }

  document.addEventListener('keydown', (event) => {
    const { key, code } = event;
    const burst = reading.inBurst(event.timeStamp);
    const keypad = event.altKey && !event.ctrlKey && /^Numpad\d$/.test(code);
    if (/^F\d+$/.test(key) && !event.ctrlKey && !event.metaKey && !event.altKey) { functionKey(event); return; }
    if ((event.ctrlKey || event.metaKey) && !event.altKey) { chord(event); return; }
    // An input method that composes names every key `Process`; the place of the end of line stays.
    if (key === 'Enter' || /^(Numpad)?Enter$/.test(code)) { enter(event); return; }
    if (key === 'Escape') {
      if (burst) { reading.strangeKey(event.timeStamp); event.preventDefault(); } else { escape(); }
      home();
      return;
    }
    if (key === 'Tab' || code === 'Tab') {
      if (box.value.trim() !== '') { enter(event); return; }
      event.preventDefault();
      if (!burst) { walk(event.shiftKey ? -1 : 1); }
      return;
    }
    if (!keypad && /^(Arrow|Home|End|Page)/.test(key)) {
      // In a burst it is an input method that selects what it is about to replace.
      if (burst || document.activeElement === box) { reading.touched(event.timeStamp); }
      if (!burst && /^Arrow/.test(key) && (document.activeElement !== box || box.value === '')) {
        event.preventDefault();
        walk(key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1);
      }
      return;
    }
    if (key === ' ' && document.activeElement !== box) { space(event); return; }
    if (key === 'Backspace' || key === 'Delete') {
      reading.touched(event.timeStamp);
      explained = true;
      clearTimeout(pressing);
      home();
      return;
    }
    // Every other printable key types into the box: the focus moves before the letter is put in.
    if (keypad || key.length === 1 || key === 'Process' || key === 'Unidentified' || key === 'Dead') { typed(event, false); }
  }, true);
  document.addEventListener('keyup', (event) => {
    if (event.key === 'Alt' || event.key === 'AltGraph') { reading.altUp(); explained = true; }
  }, true);

  // What no key explains is an input method's, a paste or a dictation.
  box.addEventListener('input', (event) => {
    veil();
    if (event.isComposing || /Composition/.test(event.inputType)) { return; }
    if (!explained) { reading.touched(event.timeStamp); }
    explained = false;
  });
  // The browser presses the focused button when Space goes up; that is done above.
  document.addEventListener('keyup', (event) => { if (event.key === ' ' && event.target !== box) { event.preventDefault(); } }, true);
  // A button never takes the focus from the box by a click.
  document.addEventListener('mousedown', (event) => { if (event.target.closest('button')) { event.preventDefault(); } });
  document.addEventListener('mouseup', () => { if (String(getSelection()) === '') { home(); } });
  box.addEventListener('compositionend', () => { if (onCommit) { takeAll(onCommit); } else if (leftover) { clear(); } });
  box.addEventListener('blur', () => setTimeout(() => { if (walking === null && String(getSelection()) === '') { home(); } }, 0));
  window.addEventListener('focus', home);
  // A paste with line ends is several scans typed at once.
  box.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text');
    if (!/[\r\n\t]/.test(text.trim())) { return; }
    event.preventDefault();
    takeLines(text);
  });
  home();
  return { home };
}
