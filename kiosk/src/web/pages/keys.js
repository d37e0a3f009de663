// Keyboard and scan box: who gets which key.
//
// A barcode scanner is a keyboard that types faster than any hand, at any moment. Promises:
// - every letter, digit, Enter and Tab belongs to the scan box, whatever has the focus;
// - no act hangs on a key a scanner can send: acts are function keys, and one that comes in the
//   middle of a burst (some scanners send control characters so) is dropped;
// - Enter and Tab take the whole text of the box and clear it at once.
//
// Without a mouse: Tab in an empty box or the arrow keys walk over the buttons, the space bar presses.

const BURST_MS = 60; // Scanners type a key every 1 to 20 ms, hands hardly under 80.
const WALK_MS = 15000; // A walk nobody goes on with ends, and the box has the focus again.

/** `take(code)` gets a code, `act(name)` a function key's act, `escape()` the escape key. */
export function watchKeys({ box, acts, take, act, escape }) {
  let lastTyped = -Infinity;
  let pressing = null;
  let walking = null;
  let takeOnCommit = false;

  const inBurst = () => performance.now() - lastTyped < BURST_MS;
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

  function takeAll() {
    const text = box.value;
    box.value = '';
    takeOnCommit = false;
    takeLines(text);
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

  function typed() {
    lastTyped = performance.now();
    clearTimeout(pressing);
    home();
  }

  function enter(event) {
    event.preventDefault();
    // An input method may still hold the last letters: they come with its `compositionend`.
    if (event.isComposing) { takeOnCommit = true; } else { takeAll(); }
    lastTyped = performance.now();
    home();
  }

  function functionKey(event) {
    const burst = inBurst();
    const name = acts[event.key];
    if (burst || name) { event.preventDefault(); }
    if (burst || event.repeat || !name || event.shiftKey) { return; }
    act(name);
  }

  document.addEventListener('keydown', (event) => {
    const key = event.key;
    const chord = event.ctrlKey || event.metaKey;
    if (/^F\d+$/.test(key) && !chord && !event.altKey) { functionKey(event); return; }
    if (chord && !event.altKey) {
      // Scanners send control characters as chords: Ctrl+M and Ctrl+J are ends of line, Ctrl+I is Tab.
      if (/^[mji]$/i.test(key) && !event.shiftKey) { enter(event); } else if (inBurst()) { event.preventDefault(); }
      return;
    }
    if (key === 'Enter' || event.isComposing && event.code === 'Enter') { enter(event); return; }
    if (key === 'Escape') { escape(); home(); return; }
    if (key === 'Tab') {
      if (box.value.trim() !== '') { enter(event); return; }
      event.preventDefault();
      if (!inBurst()) { walk(event.shiftKey ? -1 : 1); }
      return;
    }
    if (/^Arrow/.test(key) && (document.activeElement !== box || box.value === '')) {
      event.preventDefault();
      walk(key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1);
      return;
    }
    if (key === ' ' && document.activeElement !== box) {
      event.preventDefault();
      const button = document.activeElement;
      if (event.repeat || inBurst()) { return; }
      // A code that begins with a space must not press a button: wait for what comes next.
      clearTimeout(pressing);
      pressing = setTimeout(() => { if (button.isConnected && !button.disabled && button.tagName !== 'SECTION') { button.click(); home(); } }, BURST_MS);
      return;
    }
    // Every other printable key types into the box: the focus moves before the letter is put in.
    if (key.length === 1 || key === 'Process' || key === 'Unidentified' || key === 'Backspace') { typed(); }
  }, true);

  // The browser presses the focused button when Space goes up; that is done above.
  document.addEventListener('keyup', (event) => { if (event.key === ' ' && event.target !== box) { event.preventDefault(); } }, true);
  // A button never takes the focus from the box by a click.
  document.addEventListener('mousedown', (event) => { if (event.target.closest('button')) { event.preventDefault(); } });
  document.addEventListener('mouseup', () => { if (String(getSelection()) === '') { home(); } });
  box.addEventListener('compositionend', () => { if (takeOnCommit) { takeAll(); } });
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
