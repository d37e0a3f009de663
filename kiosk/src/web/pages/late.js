// A dossier that was just scanned and is late: the counter page says so, with the date that was not
// kept, so that the clerk can apologise before the citizen asks.

import { make } from './dom.js';

const W = window.Words;
const day = (date) => date.split('-').reverse().join('/');

/** Shows in `node` what `taken(scan)` is told of, as long as it is the newest scan. */
export function openLate(node) {
  let newest = null;
  let known = null;

  function draw() {
    node.hidden = !known;
    if (!known) { return; }
    const by = known.late_days === 1 ? W.t('late.at-counter.one', { due: day(known.due_on) })
      : W.t('late.at-counter', { n: W.number(known.late_days), due: day(known.due_on) });
    node.replaceChildren(make('p', '', by));
  }

  /** A scan was taken: asks how its dossier is. Of no answer the clerk need not hear. */
  async function taken(id) {
    newest = id;
    known = null;
    draw();
    const answer = await fetch('/api/v1/scans/' + id + '/dossier', { headers: { 'Accept-Language': W.language() } }).catch(() => null);
    if (newest !== id || !answer || !answer.ok) { return; }
    const said = await answer.json();
    known = said.late_days ? said : null;
    draw();
  }

  return { taken, draw };
}
