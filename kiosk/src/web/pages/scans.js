// What became of the last scans, in words: the line beside the box and the list below.
//
// Promises: a scan the server has not acknowledged is never shown as taken; a refused code stays in
// the list with its reason and with who refuses it (this page, the office's server, the dossier
// software), so a burst of good scans does not hide it; nothing of a citizen card is shown.

import { isCard, masked } from './sifting.js';
import { make, setText, showList } from './dom.js';
import { newKey } from './outbox.js';

const W = window.Words;
const REFUSALS_KEPT = 10;
const SENDING_SHOWN = 3; // The number beside them says how many more.
const CODE_SHOWN = 32; // The longest dossier ID has 24 signs; what is longer is an address or noise.
const TONES = { delivered: 'good', kept: 'good', pending: 'soft', refused: 'bad', unknown: 'bad' };

// A mistyped code shows its mistake; a slip's token and a card do not belong on a screen.
function shown(code, kind) {
  if (kind === 'citizen-card') { return ''; }
  return kind === 'ticket' || code.length > CODE_SHOWN ? masked(code) : code;
}

/** `model` has the newest document; `outbox` the scans on their way; `decide(id)` asks the clerk about a scan. */
export function openScans(model, outbox, decide) {
  const refusals = [];
  let latest = null;

  /** The scan the clerk has just made. */
  function taken(scan) { latest = { key: scan.key, code: scan.code }; }

  function refuse(refusal) {
    const newest = model.doc && model.doc.scans[0];
    refusals.unshift(Object.assign({ above: newest ? newest.id : null }, refusal));
    refusals.splice(REFUSALS_KEPT);
  }

  /** The server's answer to a scan: whether it is the clerk's latest. */
  function told(scan, answer) {
    // A purpose barcode is no code of a dossier, and no mistake.
    if (answer.refused && answer.refused.kind === 'purpose') {
      if (latest && latest.key === scan.key) { latest = null; }
      return false;
    }
    const refusal = answer.refused && {
      key: scan.key, code: shown(scan.code, answer.refused.kind), isCard: answer.refused.kind === 'citizen-card', who: 'scan.not-taken', detail: answer.refused.detail || 'scan.not-taken.plain',
    };
    if (refusal) { refuse(refusal); }
    if (latest && latest.key !== scan.key) { return false; }
    latest = { key: scan.key, code: scan.code, answer, refusal };
    return true;
  }

  /** A code that this page itself does not send on; `why` is a word. Only a mask of the code is kept. */
  function notSent(code, why) {
    const refusal = { key: newKey(), code: masked(code), isCard: isCard(code), who: 'scan.not-sent', detail: why };
    refuse(refusal);
    latest = { key: refusal.key, refusal };
  }

  function words(scan) {
    let text = W.t('scan.' + scan.state);
    if (scan.state === 'refused') {
      text = scan.answer ? W.t('scan.refused', { answer: scan.answer }) : W.t('scan.refused.plain');
    }
    return scan.repeat ? text + ' · ' + W.t('scan.repeat') : text;
  }

  /** Of a card there is nothing to show but that it was one. */
  function name({ code, isCard }) { return isCard ? W.t('scan.card.name') : code; }

  function reason({ who, detail }) { return W.t(who, { detail: W.has(detail) ? W.t(detail) : detail }); }

  function onTheWay() { return W.t(outbox.stuck ? 'scan.stuck' : 'scan.sending'); }

  /** The line beside the box: `{tone, text}`. */
  function line() {
    if (!latest) { return { tone: '', text: '' }; }
    const { code, answer, refusal } = latest;
    if (refusal) { return { tone: 'bad', text: [name(refusal), reason(refusal)].filter(Boolean).join(' · ') }; }
    if (!answer) { return { tone: 'soft', text: code + ' · ' + onTheWay() }; }
    const known = model.doc && model.doc.scans.find((scan) => scan.id === answer.taken.id);
    const scan = known || answer.taken;
    return { tone: TONES[scan.state] || 'soft', text: (scan.dossier || code) + ' · ' + words(scan) };
  }

  function rows() {
    const list = outbox.waiting.slice(-SENDING_SHOWN).reverse()
      .map((scan) => ({ key: scan.key, when: '', code: scan.code, about: '', tone: 'soft', text: onTheWay() }));
    const known = model.doc ? model.doc.scans : [];
    const refused = (above) => refusals.filter((refusal) => refusal.above === above)
      .map((one) => ({ key: one.key, when: '', code: name(one), about: '', tone: 'bad', text: reason(one) }));
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
        undecided: scan.state === 'unknown' ? scan.id : '',
      });
    }
    for (const above of new Set(rest)) { list.push(...refused(above)); }
    return list;
  }

  function build() {
    const row = make('li', 'scan-row');
    row.append(make('span', 'scan-when'), make('span', 'scan-code'), make('span', 'scan-about'), make('b', 'scan-state'));
    const button = make('button', 'scan-decide');
    button.type = 'button';
    button.addEventListener('click', () => decide(button.dataset.scan));
    row.append(button);
    return row;
  }

  function fill(row, item) {
    setText(row.children[0], item.when);
    setText(row.children[1], item.code);
    setText(row.children[2], item.about);
    setText(row.children[3], item.text);
    row.children[3].className = 'scan-state ' + item.tone;
    const button = row.children[4];
    button.hidden = !item.undecided;
    button.dataset.scan = item.undecided || '';
    setText(button, W.t('act.settle'));
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

  return { taken, told, notSent, line, draw };
}
