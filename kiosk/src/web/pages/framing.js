// Where one scan ends and the next begins, in the bytes of a scanner on a serial line.
//
// Pure: bytes and the time of their arrival come in, texts come out, as the daemon does it for its own
// scanners. A scan ends at a suffix (CR, LF or TAB) or, from a scanner that sends none, after a
// silence. Which of the two is learnt from the first suffix: from then on silence completes nothing.
//
// Promises:
// - half a frame of a scanner with a suffix is told as garbled, never as a text;
// - a frame too long is told once, and reading goes on behind its end;
// - what is kept is bounded.

/** Silence that completes a scan without a suffix. A busy page hears late: far above the daemon's 50 ms, below the time between two scans. */
export const IDLE_GAP_MS = 150;
/** Silence after which half a frame of a scanner with a suffix is given up. */
export const HALF_FRAME_MS = 2000;
/** Longest frame in bytes: a longer text is no code. */
export const FRAME_BYTES_MAX = 2048;
/** So many half frames in a row: the scanner was set to send no suffix, or the first was none. */
export const HALF_FRAMES_TO_FORGET = 3;

const isSuffix = (byte) => byte === 13 || byte === 10 || byte === 9;
const isControl = (byte) => byte < 32 || byte === 127;

// Not UTF-8: a wrong speed, or a scanner set to another encoding. Read as Latin-1 a citizen card
// keeps its digits and bars, so that it can still be told from noise.
function frame(bytes) {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes)) };
  } catch (other) {
    return { bad: bytes.map((byte) => String.fromCharCode(byte)).join('') };
  }
}

/** The bytes of one scanner since it was plugged in. A frame is `{text}`, or `{bad}` with what there is of it. */
export function openFramer() {
  let held = [];
  let last = 0;
  let suffixSeen = false;
  let halfFrames = 0;
  let skipping = false;

  const isPending = () => skipping || held.length > 0;
  const patience = () => (suffixSeen ? HALF_FRAME_MS : IDLE_GAP_MS);

  function end() {
    skipping = false;
    const bytes = held;
    held = [];
    // Some scanners can be set to send ETX or EOT before their suffix.
    while (bytes.length > 0 && isControl(bytes[bytes.length - 1])) { bytes.pop(); }
    return bytes.length > 0 ? frame(bytes) : null;
  }

  /** The scanner is gone: what it had begun is garbled. */
  function abandon() {
    const half = end();
    return half && { bad: half.text || half.bad };
  }

  /** Takes what came at `now`. */
  function push(bytes, now) {
    const frames = [];
    for (const byte of bytes) {
      if (isSuffix(byte)) {
        // A suffix between frames teaches nothing: it may be noise, or the LF of a CR LF.
        if (isPending()) { suffixSeen = true; halfFrames = 0; }
        frames.push(end());
      } else if (skipping || (held.length === 0 && isControl(byte))) {
        // Noise between frames: power-up NULs, a prefix such as STX.
      } else if (held.length === FRAME_BYTES_MAX) {
        held = [];
        skipping = true;
        frames.push({ bad: '' });
      } else {
        held.push(byte);
      }
    }
    if (bytes.length > 0) { last = now; }
    return frames.filter(Boolean);
  }

  /** Tells that nothing more had arrived by `now`. */
  function poll(now) {
    if (!isPending() || now - last < patience()) { return null; }
    if (!suffixSeen) { return end(); }
    halfFrames += 1;
    if (halfFrames === HALF_FRAMES_TO_FORGET) { halfFrames = 0; suffixSeen = false; }
    return abandon();
  }

  return { push, poll, abandon, isPending, patience };
}
