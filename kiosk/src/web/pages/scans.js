// What became of the last scans, in words: the line beside the box and the list below.
//
// Promises: a scan the server has not acknowledged is never shown as taken; a refused code stays in
// the list with its reason, so a burst of good scans does not hide it.

import { make, setText, showList } from './dom.js';

const W = window.Words;
const REFUSALS_KEPT = 10;
const SENDING_SHOWN = 3; // The number beside them says how many more.
const TONES = { delivered: 'good', kept: 'good', pending: 'soft', refused: 'bad', unknown: 'bad' };

/** `model` has the newest document; `outbox` the scans on their way. */
export function openScans(model, outbox) {
  const refusals = [];
  let latest = null;

  /** The scan the clerk has just made. */
  function taken(scan) { latest = { key: scan.key, code: scan.code }; }

  /** The server's answer to a scan. */
  function told(scan, answer) {
    const detail = answer.refused && (answer.refused.detail || '');
    if (answer.refused) {
      const newest = model.doc && model.doc.scans[0];
      refusals.unshift({ key: scan.key, code: scan.code, detail, above: newest ? newest.id : null });
      refusals.splice(REFUSALS_KEPT);
    }
    if (latest && latest.key !== scan.key) { return false; }
    latest = { key: scan.key, code: scan.code, answer };
    return true;
  }

  /** Takes the line beside the box back to silence. */
  function quiet() { latest = null; }

  function words(scan) {
    let text = W.t('scan.' + scan.state);
    if (scan.state === 'refused') {
      text = scan.answer ? W.t('scan.refused', { answer: scan.answer }) : W.t('scan.refused.plain');
    }
    return scan.repeat ? text + ' · ' + W.t('scan.repeat') : text;
  }

  function onTheWay() { return W.t(outbox.stuck ? 'scan.stuck' : 'scan.sending'); }

  function notTaken(detail) { return detail || W.t('scan.not-taken.plain'); }

  /** The line beside the box: `{tone, text}`. */
  function line() {
    if (!latest) { return { tone: '', text: '' }; }
    const { code, answer } = latest;
    if (!answer) { return { tone: 'soft', text: code + ' · ' + onTheWay() }; }
    if (answer.refused) { return { tone: 'bad', text: code + ' · ' + notTaken(answer.refused.detail) }; }
    const known = model.doc && model.doc.scans.find((scan) => scan.id === answer.taken.id);
    const scan = known || answer.taken;
    return { tone: TONES[scan.state] || 'soft', text: (scan.dossier || code) + ' · ' + words(scan) };
  }

  function rows() {
    const list = outbox.waiting.slice(-SENDING_SHOWN).reverse()
      .map((scan) => ({ key: scan.key, when: '', code: scan.code, about: '', tone: 'soft', text: onTheWay() }));
    const known = model.doc ? model.doc.scans : [];
    const refused = (above) => refusals.filter((refusal) => refusal.above === above)
      .map((one) => ({ key: one.key, when: '', code: one.code, about: '', tone: 'bad', text: W.t('scan.not-taken', { detail: notTaken(one.detail) }) }));
    const ids = new Set(known.map((scan) => scan.id));
    // A refusal whose neighbour has left the list is older than all that is shown: it goes last.
    const rest = refusals.filter((one) => one.above === null || !ids.has(one.above)).map((one) => one.above);
    for (const scan of known) {
      list.push(...refused(scan.id));
      list.push({
        key: scan.id,
        when: W.time(scan.scanned_at),
        code: scan.dossier || W.t('scan.erased'),
        about: [W.t('purpose.' + scan.purpose), scan.ticket].filter(Boolean).join(' · '),
        tone: TONES[scan.state] || 'soft',
        text: words(scan),
      });
    }
    for (const above of new Set(rest)) { list.push(...refused(above)); }
    return list;
  }

  function build() {
    const row = make('li', 'scan-row');
    row.append(make('span', 'scan-when'), make('span', 'scan-code'), make('span', 'scan-about'), make('b', 'scan-state'));
    return row;
  }

  function fill(row, item) {
    setText(row.children[0], item.when);
    setText(row.children[1], item.code);
    setText(row.children[2], item.about);
    setText(row.children[3], item.text);
    row.children[3].className = 'scan-state ' + item.tone;
  }

  function note() {
    const unstored = outbox.waiting.filter((scan) => !scan.stored).length;
    if (unstored > 0) { return W.t('scan.unstored', { n: W.number(unstored) }); }
    const n = outbox.waiting.length;
    if (n > 0 && (outbox.stuck || n > SENDING_SHOWN)) {
      return [W.t('scan.waiting', { n: W.number(n) }), outbox.why].filter(Boolean).join('. ');
    }
    return '';
  }

  function draw() {
    const list = rows();
    if (list.length === 0 && model.doc) {
      list.push({ key: 'none', when: '', code: '', about: W.t('scan.none'), tone: 'soft', text: '' });
    }
    showList(document.getElementById('scans'), list, build, fill);
    const waiting = document.getElementById('line');
    const text = note();
    waiting.hidden = text === '';
    setText(waiting, text);
  }

  return { taken, told, quiet, line, draw };
}

let sound = null;

/** Two low tones: the clerk looks at the papers, not at the screen, while scanning. */
export function buzz() {
  try {
    sound = sound || new AudioContext();
    for (const start of [0, 0.18]) {
      const tone = sound.createOscillator();
      const gain = sound.createGain();
      tone.frequency.value = 220;
      gain.gain.value = 0.2;
      tone.connect(gain).connect(sound.destination);
      tone.start(sound.currentTime + start);
      tone.stop(sound.currentTime + start + 0.12);
    }
  } catch (silent) { /* A computer without sound still shows the reason. */ }
}
