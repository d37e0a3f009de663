// A day or some hours off that nobody planned (nghỉ đột xuất): entered, shown, taken back.

import { make, setText, showList } from './dom.js';
import { parseDate, parseTime } from './times.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);

export function openDaysOff({ calls, act }) {
  let off = [];

  function trouble(text) {
    $('off-trouble').hidden = !text;
    setText($('off-trouble'), text);
  }

  async function read() {
    const answer = await calls.get('/office');
    if (answer && answer.ok) { show(answer.content.office.days_off); }
  }

  function show(days) {
    off = days;
    draw();
  }

  function build() {
    const row = make('li', 'row');
    const remove = make('button', 'remove');
    remove.type = 'button';
    remove.addEventListener('click', async () => {
      const done = await act('/office/days-off/remove', { date: row.date }, W.t('off.removed', { date: W.date(row.date) }));
      if (done) { show(done.days_off); $('off-date').focus(); }
    });
    row.append(make('span', 'name'), make('span', 'more'), remove);
    return row;
  }

  function fill(row, day) {
    row.date = day.date;
    setText(row.querySelector('.name'), W.date(day.date) + ', ' + span(day));
    setText(row.querySelector('.more'), W.text(day.reason));
    setText(row.querySelector('.remove'), W.t('off.remove'));
    row.querySelector('.remove').setAttribute('aria-label', W.t('off.remove') + ': ' + W.date(day.date));
  }

  function draw() {
    showList($('offs'), off.map((day) => Object.assign({ key: day.date }, day)), build, fill);
  }

  $('off').addEventListener('submit', async (event) => {
    event.preventDefault();
    trouble('');
    const value = (id) => $(id).value.trim();
    const body = { date: parseDate(value('off-date')), from: parseTime(value('off-from')), to: parseTime(value('off-to')) };
    if (Object.values(body).includes(undefined)) { trouble(W.t('off.wrong')); return; }
    const reason = {};
    if (value('off-reason')) { reason.vi = value('off-reason'); }
    if (value('off-reason-en')) { reason.en = value('off-reason-en'); }
    if (Object.keys(reason).length > 0) { body.reason = reason; }
    const done = await act('/office/days-off', body, W.t('off.added'), trouble);
    if (done) { $('off').reset(); show(done.days_off); }
  });

  read();
  return { draw };
}

/** Which part of its date a day off takes. */
export function span(day) {
  if (day.from && day.to) { return W.t('off.between', { from: W.time('T' + day.from), to: W.time('T' + day.to) }); }
  if (day.from) { return W.t('off.after', { from: W.time('T' + day.from) }); }
  if (day.to) { return W.t('off.before', { to: W.time('T' + day.to) }); }
  return W.t('off.whole');
}
