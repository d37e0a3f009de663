// Giờ: when numbers are given out, when counters work, and the days on which neither is so.

import { make } from './dom.js';
import { drawEntries } from './entries.js';
import { drawWeek } from './week.js';

const W = window.Words;

export const id = 'times';
export const parts = ['hours', 'work', 'holidays', 'days_off'];

function week(key, { draft, fields }) {
  const box = fields.holder(key, 'box wide card');
  const root = make('div');
  box.prepend(make('h3', '', W.t('set.' + key)), make('p', 'hint', W.t('set.' + key + '.hint')), root);
  drawWeek({ root, owner: draft.office, key, fields, name: W.t('set.' + key) });
  return box;
}

/** Dates in a list: holidays have a name, days off a reason and perhaps hours. */
function dates(key, { draft, fields }, entry) {
  const box = fields.holder(key, 'box wide card');
  const list = make('div', 'entries');
  const days = draft.office[key];
  box.prepend(make('h3', '', W.t('set.' + key)), make('p', 'hint', W.t('set.' + key + '.hint')), list);
  drawEntries({
    root: list,
    list: days,
    entry: (day, index) => {
      const at = key + '[' + index + ']';
      const grid = make('div', 'grid');
      grid.append(fields.date(at + '.date', W.t('set.date'), day, 'date'), ...entry(day, at));
      return [fields.holder(at, 'box wide', grid)];
    },
    name: (day) => W.date(day.date),
    add: [W.t('set.' + key + '.add'), () => ({})],
    movable: false,
    changed: fields.edited,
  });
  return box;
}

export function render(root, context) {
  const { fields } = context;
  const end = (day, at, key) => {
    const label = W.t('off.' + key);
    const input = fields.time(label, day[key], (time) => { if (time === null) { delete day[key]; } else { day[key] = time; } });
    return fields.holder(at + '.' + key, 'box', fields.labelled(label, input));
  };
  root.replaceChildren(
    week('hours', context),
    week('work', context),
    dates('holidays', context, (day, at) => [fields.pair(at + '.name', W.t('set.holiday.name'), day, 'name', { max: 80 })]),
    dates('days_off', context, (day, at) => [end(day, at, 'from'), end(day, at, 'to'),
      fields.pair(at + '.reason', W.t('off.reason'), day, 'reason', { max: 200 })]),
  );
}
