// A dossier that was just scanned and is late: the counter page says so, with the date that was not
// kept, so that the clerk can apologise before the citizen asks, and a way to the letter. It is drafted
// on a page of its own: here every letter and digit belongs to the scanner.

import { make } from './dom.js';

const W = window.Words;
const day = (date) => date.split('-').reverse().join('/');

/** Shows in `node` what `taken(scan)` is told of, as long as it is the newest scan. */
export function openLate(node) {
  let newest = null;
  let known = null;

  function way(address, word) {
    const link = make('a', 'button', W.t(word));
    link.href = address;
    link.target = '_blank';
    return link;
  }

  function draw() {
    node.hidden = !known;
    if (!known) { return; }
    const by = known.late_days === 1 ? W.t('late.at-counter.one', { due: day(known.due_on) })
      : W.t('late.at-counter', { n: W.number(known.late_days), due: day(known.due_on) });
    const { letter } = known;
    const parts = [make('p', '', by)];
    if (letter) { parts.push(make('p', '', W.t('letter.at-counter', { state: W.t('letter.state.' + letter.state) }))); }
    parts.push(letter ? way('/letters/' + letter.id, 'letter.open') : way('/letters/new?scan=' + newest, 'letter.write'));
    node.replaceChildren(...parts);
  }

  /** A scan was taken: asks how its dossier is. */
  function taken(id) {
    newest = id;
    known = null;
    draw();
    ask(id);
  }

  /** Of no answer the clerk need not hear. */
  async function ask(id) {
    const answer = await fetch('/api/v1/scans/' + id + '/dossier', { headers: { 'Accept-Language': W.language() } }).catch(() => null);
    if (newest !== id || !answer || !answer.ok) { return; }
    const said = await answer.json();
    const now = said.late_days ? said : null;
    // Drawn anew a status is spoken anew.
    if (JSON.stringify(now) === JSON.stringify(known)) { return; }
    known = now;
    draw();
  }

  // The letter was drafted in another tab.
  window.addEventListener('focus', () => { if (known) { ask(newest); } });

  return { taken, draw };
}
