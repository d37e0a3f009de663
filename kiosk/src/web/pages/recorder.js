// A microphone that makes WAV files: 16 bits, one channel, at the rate that the browser has.
//
// Noise suppression and gain control stay off: the server brings all clips to one loudness, and a
// browser that works against it makes each word sound like another room.

const SECONDS_MAX = 12; // Somebody who has forgotten to stop; a clip is a few seconds.

/** Whether this page may use a microphone at all: browsers allow it over HTTPS or on the machine itself. */
export function hasMicrophone() {
  return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.AudioWorkletNode);
}

/**
 * Begins to record. `loud(0…1)` hears how loud it is, `full()` that the longest time is over. Yields
 * `stop()`, which ends it and gives the file.
 */
export async function record(loud, full) {
  const microphone = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const audio = new AudioContext();
  const pieces = [];
  let samples = 0;
  try {
    await audio.audioWorklet.addModule('/static/recorder-worklet.js');
    const source = audio.createMediaStreamSource(microphone);
    const ear = new AudioWorkletNode(audio, 'ear', { numberOfOutputs: 1 });
    ear.port.onmessage = ({ data }) => {
      if (samples >= SECONDS_MAX * audio.sampleRate) { return; }
      pieces.push(data);
      samples += data.length;
      loud(data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
      if (samples >= SECONDS_MAX * audio.sampleRate) { full(); }
    };
    // A node that leads nowhere is not asked for sound; this one gives silence.
    source.connect(ear).connect(audio.destination);
    await audio.resume();
  } catch (failed) {
    close();
    throw failed;
  }

  function close() {
    for (const track of microphone.getTracks()) { track.stop(); }
    audio.close();
    loud(0);
  }

  return function stop() {
    close();
    return wav(pieces, samples, audio.sampleRate);
  };
}

/** The file. */
function wav(pieces, samples, rate) {
  const view = new DataView(new ArrayBuffer(44 + samples * 2));
  const text = (at, word) => Array.from(word).forEach((sign, n) => view.setUint8(at + n, sign.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, 36 + samples * 2, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples * 2, true);
  let at = 44;
  for (const piece of pieces) {
    for (const sample of piece) {
      view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
      at += 2;
    }
  }
  return view.buffer;
}
