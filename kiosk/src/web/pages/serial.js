// A scanner on a serial port (USB-COM) of the clerk's own PC, opened by this page (Web Serial).
//
// Its scans arrive while another window has the focus, and no input method comes near them. Promises:
// - the port a clerk has once chosen opens by itself at the next load and when it is plugged in again;
// - whether it listens is always known in words: `open`, `lost` (not there), `taken` (another program
//   or another page has it);
// - half a scan of a plug pulled out is refused, never taken.

import { openFramer } from './framing.js';

const KEPT = 'serial'; // In this browser's storage: which port, how fast.
const RETRY_MS = 5000; // Another program may close the port; a scanner that starts may refuse at first.
/** What scanners are set to in the factory comes first; USB ones ignore it. */
export const BAUDS = [9600, 19200, 38400, 57600, 115200];

function load() {
  try { return JSON.parse(localStorage.getItem(KEPT)); } catch (unreadable) { return null; }
}

function keep(kept) {
  try { if (kept) { localStorage.setItem(KEPT, JSON.stringify(kept)); } else { localStorage.removeItem(KEPT); } } catch (refused) { /* This page only. */ }
}

/** `take(text)` gets a scan, `garbled(text)` what there is of one that is no text; `changed()` hears of another state. */
export function openSerial({ take, garbled, changed }) {
  const ports = navigator.serial;
  const serial = { supported: Boolean(ports), state: 'off', baud: BAUDS[0], choose, setBaud, close };
  if (!ports) { return serial; }
  let kept = load();
  let port = null;
  let reader = null;
  let reading = null; // Ends when nothing of the port is held any more.
  let listening = 0; // Counts openings, so that a late answer of an earlier one is known for what it is.
  let retry = null;
  if (kept && BAUDS.includes(kept.baud)) { serial.baud = kept.baud; }

  function become(state) {
    if (serial.state === state) { return; }
    serial.state = state;
    changed();
  }

  const isKept = (one) => {
    const { usbVendorId, usbProductId } = one.getInfo();
    return Boolean(kept) && kept.vendor === usbVendorId && kept.product === usbProductId;
  };

  /** The clerk picks a port in the browser's own window; must follow from a key or a click. */
  async function choose() {
    const chosen = await ports.requestPort().catch(() => null);
    if (!chosen) { return; }
    const { usbVendorId, usbProductId } = chosen.getInfo();
    kept = { vendor: usbVendorId, product: usbProductId, baud: serial.baud };
    keep(kept);
    await listen(chosen);
  }

  async function setBaud(baud) {
    serial.baud = baud;
    if (kept) { kept.baud = baud; keep(kept); }
    if (port) { await listen(port); } else { changed(); }
  }

  /** Stops, and does not open by itself any more. */
  async function close() {
    kept = null;
    keep(null);
    await leave();
    become('off');
  }

  async function leave() {
    listening += 1;
    clearTimeout(retry);
    const left = port;
    port = null;
    // A port can only be closed once its reader has let go.
    if (reader) { await reader.cancel().catch(() => {}); }
    await reading;
    if (left) { await left.close().catch(() => {}); }
  }

  async function listen(chosen) {
    await leave();
    const mine = listening;
    port = chosen;
    try {
      await chosen.open({ baudRate: serial.baud });
    } catch (refused) {
      if (mine === listening) { again(chosen, 'taken'); }
      return;
    }
    if (mine !== listening) { chosen.close().catch(() => {}); return; }
    become('open');
    reading = read(chosen, mine);
    await reading;
    if (mine !== listening) { return; }
    // Pulled out, or the driver gave up.
    await chosen.close().catch(() => {});
    if (mine === listening) { again(chosen, 'lost'); }
  }

  function again(chosen, state) {
    become(state);
    clearTimeout(retry);
    retry = setTimeout(async () => {
      const granted = await ports.getPorts();
      if (port === chosen && granted.includes(chosen)) { listen(chosen); }
    }, RETRY_MS);
  }

  // Until the port is gone. A broken byte or two end a stream, not the port: it has another one then.
  async function read(chosen, mine) {
    const framer = openFramer();
    let silence = null;
    const tell = (frame) => {
      if (!frame) { return; }
      if (frame.text !== undefined) { if (frame.text.trim()) { take(frame.text.trim()); } } else { garbled(frame.bad); }
    };
    const watch = () => {
      clearTimeout(silence);
      if (!framer.isPending()) { return; }
      silence = setTimeout(() => { tell(framer.poll(performance.now())); watch(); }, framer.patience() + 1);
    };
    let stream = null;
    while (chosen.readable && chosen.readable !== stream && mine === listening) {
      stream = chosen.readable;
      reader = stream.getReader();
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) { break; }
          framer.push(value, performance.now()).forEach(tell);
          watch();
        }
      } catch (broken) { tell(framer.abandon()); }
      reader.releaseLock();
      reader = null;
    }
    clearTimeout(silence);
    tell(framer.abandon());
  }

  ports.addEventListener('connect', (event) => {
    if (isKept(event.target) && serial.state !== 'open') { listen(event.target); }
  });
  ports.addEventListener('disconnect', (event) => { if (event.target === port) { become('lost'); } });
  if (kept) {
    ports.getPorts().then((granted) => {
      const known = granted.find(isKept);
      if (known) { listen(known); } else { become('lost'); }
    });
  }
  return serial;
}
