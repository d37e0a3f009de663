// Ưu tiên: who is called earlier, and how many of them to how many others.

import { make } from './dom.js';
import { drawEntries } from './entries.js';

const W = window.Words;

export const id = 'classes';
export const parts = ['classes', 'mixing'];

/** Only the record ever shows an id: it is made here, once. */
function freshId(classes) {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? 'priority' : 'priority-' + n;
    if (!classes.some((one) => one.id === id)) { return id; }
  }
}

export function render(root, { draft, fields }) {
  const office = draft.office;
  const list = make('div', 'entries');
  drawEntries({
    root: list,
    list: office.classes,
    entry: (one, index) => [fields.holder('classes[' + index + ']', 'box wide card',
      fields.pair('classes[' + index + '].name', W.t('set.class.name'), one, 'name'),
      fields.number('classes[' + index + '].from_age', W.t('set.class.age'), one, 'from_age', { optional: true, hint: W.t('set.class.age.hint') }))],
    name: (one) => W.text(one.name),
    add: [W.t('set.class.add'), () => ({ id: freshId(office.classes), name: {} })],
    movable: true,
    changed: fields.edited,
  });
  const mixing = make('div', 'sentence');
  mixing.append(
    fields.number('mixing.priority', W.t('set.mixing.priority'), office.mixing, 'priority'),
    fields.number('mixing.normal', W.t('set.mixing.normal'), office.mixing, 'normal'),
  );
  root.replaceChildren(
    make('p', 'hint', W.t('set.classes.hint')), list,
    make('h3', '', W.t('set.mixing')), make('p', 'hint', W.t('set.mixing.hint')),
    fields.holder('mixing', 'box wide', mixing),
  );
}
