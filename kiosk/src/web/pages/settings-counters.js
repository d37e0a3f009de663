// Quầy: where tickets are served, and which services at which counter.

import { make } from './dom.js';
import { drawEntries } from './entries.js';
import { purposes, title } from './settings-services.js';

const W = window.Words;

export const id = 'counters';
export const parts = ['counters'];

export function render(root, { draft, fields }) {
  const { counters, services } = draft.office;
  const list = make('div', 'entries');

  const entry = (counter, index) => {
    const at = 'counters[' + index + ']';
    const offered = make('fieldset', 'checks');
    offered.append(make('legend', '', W.t('set.counter.services')));
    for (const service of services) {
      offered.append(fields.check(title(service), counter.services.includes(service.letter), (ticked) => {
        const others = counter.services.filter((letter) => letter !== service.letter);
        // In the order of the tiles, however they were ticked.
        counter.services = ticked ? services.map((one) => one.letter).filter((letter) => letter === service.letter || others.includes(letter)) : others;
      }));
    }
    const gone = counter.services.filter((letter) => !services.some((one) => one.letter === letter));
    for (const letter of gone) {
      offered.append(fields.check(W.t('set.counter.gone', { letter }), true, (ticked) => {
        counter.services = counter.services.filter((one) => one !== letter).concat(ticked ? [letter] : []);
      }));
    }
    const grid = make('div', 'grid');
    grid.append(
      fields.number(at + '.number', W.t('set.counter.number'), counter, 'number'),
      fields.choice(at + '.purpose', W.t('set.counter.purpose'), counter, 'purpose', purposes()),
      fields.holder(at + '.services', 'box wide', offered),
    );
    return [fields.holder(at, 'box wide card', grid)];
  };

  drawEntries({
    root: list,
    list: counters,
    entry,
    name: (counter) => W.t('counter', { n: counter.number }),
    add: [W.t('set.counter.add'), () => ({ number: Math.max(0, ...counters.map((one) => one.number || 0)) + 1, services: [], purpose: 'receive' })],
    movable: false,
    changed: fields.edited,
  });
  root.replaceChildren(fields.holder('counters', 'box wide', make('p', 'hint', W.t('set.counters.hint'))), list);
}
