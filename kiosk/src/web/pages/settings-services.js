// Lĩnh vực: what citizens come for, in the order of the tiles.

import { make, setText } from './dom.js';
import { button, drawEntries } from './entries.js';
import { drawWeek } from './week.js';

const W = window.Words;
const PAPERS_MAX = 5; // What a slip has room for.
// Without those that are easily taken for another one, or for a digit.
const LETTERS = 'ABCEGHKLMNRSTUVXY';
const PURPOSES = ['receive', 'supplement', 'return', 'look-up'];

export const id = 'services';
export const parts = ['services'];

/** Which services are folded open; they stay so while they are moved. */
const open = new WeakSet();
/** The letter that a service had before its field was emptied for another. */
const lastLetters = new WeakMap();

export const title = (service) => (service.letter || '?') + ' · ' + (W.text(service.name) || W.t('set.service.new'));

/** The purposes that scans may have; the first leaves it to somebody else. */
export function purposes(nobody) {
  return (nobody ? [['', nobody]] : []).concat(PURPOSES.map((one) => [one, W.t('purpose.' + one)]));
}

function papers(service, at, fields) {
  const box = fields.holder(at + '.papers', 'box wide');
  const list = make('div');
  box.prepend(make('h3', '', W.t('set.service.papers')), list);
  const papers = service.papers || (service.papers = []);
  drawEntries({
    root: list,
    list: papers,
    entry: (paper, nth) => [fields.pair(at + '.papers[' + nth + ']', W.t('set.paper', { n: nth + 1 }), papers, nth)],
    name: (paper) => W.text(paper),
    add: [W.t('set.paper.add'), () => ({})],
    most: PAPERS_MAX,
    movable: true,
    changed: fields.edited,
  });
  return box;
}

function hours(service, at, fields) {
  const details = make('details', 'wide');
  const own = service.hours || (service.hours = []);
  details.open = own.length > 0;
  const box = fields.holder(at + '.hours', 'box');
  const week = make('div');
  box.prepend(make('p', 'hint', W.t('set.service.hours.hint')), week);
  drawWeek({ root: week, owner: service, key: 'hours', fields, name: W.t('set.service.hours') });
  details.append(make('summary', '', W.t('set.service.hours')), box);
  return details;
}

/** Counters serve a service under its new letter too, as long as it is clear which one is meant. */
function reletter(office, service, typed) {
  if (service.letter) { lastLetters.set(service, service.letter); }
  const letter = typed.trim().toUpperCase();
  const others = office.services.filter((one) => one !== service).map((one) => one.letter);
  const old = lastLetters.get(service);
  if (letter && old && !others.includes(letter) && !others.includes(old)) {
    for (const counter of office.counters) {
      counter.services = counter.services.map((one) => (one === old ? letter : one));
    }
  }
  service.letter = letter;
}

function body(office, service, index, fields, redrawTitle) {
  const at = 'services[' + index + ']';
  const grid = make('div', 'grid');
  const letter = fields.text(at + '.letter', W.t('set.service.letter'), service, 'letter', {
    max: 1, hint: W.t('set.service.letter.hint'), set: (typed) => reletter(office, service, typed),
  });
  letter.querySelector('input').classList.add('short', 'letter');
  grid.append(
    letter,
    fields.choice(at + '.kind', W.t('set.service.kind'), service, 'kind',
      ['normal', 'result', 'guide'].map((one) => [one, W.t('set.service.kind.' + one)])),
    fields.pair(at + '.name', W.t('set.service.name'), service, 'name', { max: 80 }),
    fields.pair(at + '.words', W.t('set.service.words'), service, 'words', { hint: W.t('set.service.words.hint') }),
    fields.number(at + '.minutes', W.t('set.service.minutes'), service, 'minutes', { optional: true }),
    fields.number(at + '.quota', W.t('set.service.quota'), service, 'quota', { optional: true, hint: W.t('set.service.quota.hint') }),
    fields.choice(at + '.purpose', W.t('set.service.purpose'), service, 'purpose', purposes(W.t('set.service.purpose.counter'))),
    papers(service, at, fields),
    hours(service, at, fields),
  );
  grid.addEventListener('input', redrawTitle);
  return grid;
}

export function render(root, { draft, fields, redraw }) {
  const list = make('div', 'entries');
  const services = draft.office.services;
  const fresh = () => {
    const free = Array.from(LETTERS).find((letter) => !services.some((one) => one.letter === letter)) || '';
    const service = { letter: free, name: {}, kind: 'normal' };
    open.add(service);
    return service;
  };
  const entry = (service, index) => {
    const details = make('details', 'card');
    const summary = make('summary', '', title(service));
    details.open = open.has(service);
    details.addEventListener('toggle', () => { if (details.open) { open.add(service); } else { open.delete(service); } });
    details.append(summary, body(draft.office, service, index, fields, () => setText(summary, title(service))));
    return [fields.holder('services[' + index + ']', 'box wide', details)];
  };
  drawEntries({
    root: list, list: services, entry, name: title, add: [W.t('set.service.add'), fresh], movable: true, changed: fields.edited,
    removed(gone) {
      for (const counter of draft.office.counters) { counter.services = counter.services.filter((one) => one !== gone.letter); }
    },
  });
  const box = fields.holder('services', 'box wide', make('p', 'hint', W.t('set.services.hint')));
  root.replaceChildren(box, button(W.t('set.fold'), () => { services.forEach((one) => open.delete(one)); redraw(); }, 'small'), list);
}
