// A week of hours: for each weekday a morning and an afternoon, as an office's door says it.
//
// The office keeps spans with the weekdays that they hold on; here each weekday has its own spans.

import { make } from './dom.js';
import { button } from './entries.js';

const W = window.Words;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HALVES = 2;
/** What most offices in the country keep. */
const USUAL = [['07:30', '11:30'], ['13:30', '17:00']];

/** Spans by weekday: `{mon: [{from, to}, …], …}`; an afternoon alone stands in the second place. */
export function byDay(hours) {
  const week = Object.fromEntries(DAYS.map((day) => [day, []]));
  for (const { days, from, to } of hours) {
    for (const day of days) { week[day].push({ from, to }); }
  }
  for (const spans of Object.values(week)) {
    spans.sort((a, b) => (a.from < b.from ? -1 : 1));
    if (spans.length === 1 && spans[0].from >= '12:00') { spans.unshift({}); }
    while (spans.length < HALVES) { spans.push({}); }
  }
  return week;
}

/** The same as the office keeps it: one entry for each span, with its weekdays. */
export function toHours(week) {
  const hours = [];
  for (const day of DAYS) {
    for (const { from, to } of week[day]) {
      if (!from || !to) { continue; }
      const known = hours.find((one) => one.from === from && one.to === to);
      if (known) { known.days.push(day); } else { hours.push({ days: [day], from, to }); }
    }
  }
  return hours;
}

/** Draws the week of `owner[key]` into `root`. */
export function drawWeek({ root, owner, key, fields, name }) {
  const week = byDay(owner[key]);

  function changed() {
    owner[key] = toHours(week);
    fields.edited();
  }

  function again() {
    changed();
    drawWeek({ root, owner, key, fields, name });
  }

  function span(day, nth) {
    const node = make('span', 'span');
    const half = W.t(['set.morning', 'set.afternoon'][nth] || 'set.further');
    const place = week[day][nth];
    const one = (end) => {
      const label = [W.t('day.' + day), half, W.t('set.' + end)].join(', ');
      const input = fields.time(label, place[end], (time) => {
        if (time === null) { delete place[end]; } else { place[end] = time; }
        owner[key] = toHours(week);
      });
      // A span with one end is no span, and nothing may vanish without a word.
      input.addEventListener('change', () => {
        if (input.dataset.wrong) { return; }
        const half = Boolean(place.from) !== Boolean(place.to);
        for (const each of node.querySelectorAll('input')) { each.dataset.wrong = half && !each.value ? W.t('set.span.half') : ''; }
        node.classList.toggle('half', half);
      });
      return input;
    };
    node.append(make('span', 'half-name', half), one('from'), make('span', '', '–'), one('to'));
    return node;
  }

  const rows = DAYS.map((day) => {
    const row = make('fieldset', 'weekday');
    row.append(make('legend', '', W.t('day.' + day)));
    row.append(...week[day].map((one, nth) => span(day, nth)));
    return row;
  });
  const presets = make('div', 'buttons');
  presets.append(
    button(W.t('set.week.usual'), () => {
      for (const day of DAYS.slice(0, 5)) { week[day] = USUAL.map(([from, to]) => ({ from, to })); }
      again();
    }, 'small'),
    button(W.t('set.week.copy'), () => {
      for (const day of DAYS.slice(1, 5)) { week[day] = week.mon.map((one) => Object.assign({}, one)); }
      again();
    }, 'small'),
    button(W.t('set.week.none'), () => {
      for (const day of DAYS) { week[day] = []; }
      again();
    }, 'small'),
  );
  for (const one of presets.children) { one.setAttribute('aria-label', one.textContent + ': ' + name); }
  root.replaceChildren(presets, ...rows);
}
