// Cơ quan: what stands on the stamp, and how to reach the office.

import { make } from './dom.js';

const W = window.Words;

export const id = 'office';
export const parts = ['name', 'parent', 'code', 'hotline', 'languages', 'time_zone', 'tickets_per_person'];

export function render(root, { draft, fields, redraw }) {
  const office = draft.office;
  const english = fields.check(W.t('set.english'), office.languages.includes('en'), (ticked) => {
    office.languages = ticked ? office.languages.concat('en') : office.languages.filter((one) => one !== 'en');
    redraw();
  });
  const machine = make('div', 'aside');
  machine.append(make('h3', '', W.t('set.machine')), make('p', '', W.t('set.machine.what')));
  if (draft.server.printers.length > 0) {
    machine.append(make('p', '', W.t('set.machine.printers', { names: draft.server.printers.join(', ') })));
  }
  root.replaceChildren(
    fields.pair('name', W.t('set.office.name'), office, 'name', { hint: W.t('set.office.name.hint') }),
    fields.pair('parent', W.t('set.office.parent'), office, 'parent'),
    fields.text('hotline', W.t('set.office.hotline'), office, 'hotline', { mode: 'tel', max: 40 }),
    fields.text('code', W.t('set.office.code'), office, 'code', { hint: W.t('set.office.code.hint'), max: 40 }),
    fields.holder('languages', 'box', english),
    fields.number('tickets_per_person', W.t('set.office.person'), office, 'tickets_per_person', { hint: W.t('set.office.person.hint') }),
    fields.text('time_zone', W.t('set.office.zone'), office, 'time_zone', { max: 6 }),
    machine,
  );
}
