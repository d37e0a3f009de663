// What a clerk hears who looks at the papers, not at the screen.
//
// One high tone: taken. Two of one middle pitch: taken, and read before today. Two low ones: refused.
// Promises:
// - silence is never taken for "taken": a muted or a blocked page says so in words;
// - many scans at once do not play on for minutes: what is refused is always heard, the rest gives way.

const MUTED = 'sound'; // In this browser's storage: 'off' when muted.
// Pitch in hertz, then beginning and length of each tone in seconds.
const TONES = {
  taken: [1047, [0, 0.09]],
  repeat: [659, [0, 0.1], [0.15, 0.1]],
  refused: [220, [0, 0.14], [0.2, 0.2]],
};
const GAP_S = 0.08;
const BEHIND_S = 0.6; // Good news later than this would be taken for the next scan's.
const VOLUME = 0.2;

/** `changed()` hears that the state is another: `on`, `muted`, `blocked` (waits for a key) or `none`. */
export function openSound(changed) {
  let audio = null;
  let free = 0;
  const sound = { play, mute, state: state() };

  function isMuted() {
    try { return localStorage.getItem(MUTED) === 'off'; } catch (refused) { return sound && sound.off === true; }
  }

  function state() {
    if (!audio) { return 'none'; }
    if (isMuted()) { return 'muted'; }
    return audio.state === 'running' ? 'on' : 'blocked';
  }

  function look() {
    const now = state();
    if (now === sound.state) { return; }
    sound.state = now;
    changed();
  }

  function mute(off) {
    sound.off = off;
    try { if (off) { localStorage.setItem(MUTED, 'off'); } else { localStorage.removeItem(MUTED); } } catch (refused) { /* This page only. */ }
    look();
  }

  function play(kind) {
    if (!audio || state() !== 'on') { return; }
    const now = audio.currentTime;
    if (free - now > BEHIND_S) {
      if (kind !== 'refused') { return; }
      free = now + BEHIND_S;
    }
    const begin = Math.max(now, free);
    const [pitch, ...tones] = TONES[kind];
    for (const [start, length] of tones) {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = pitch;
      gain.gain.value = VOLUME;
      tone.connect(gain).connect(audio.destination);
      tone.start(begin + start);
      tone.stop(begin + start + length);
      free = begin + start + length + GAP_S;
    }
  }

  // Browsers let a page sound only once somebody has pressed a key or a button in it.
  function wake() { if (audio && audio.state === 'suspended') { audio.resume().catch(() => {}); } }

  try {
    audio = new AudioContext();
    audio.addEventListener('statechange', look);
    for (const name of ['keydown', 'pointerdown']) { document.addEventListener(name, wake, true); }
  } catch (silent) { /* A computer without sound still shows the reason. */ }
  sound.state = state();
  return sound;
}
