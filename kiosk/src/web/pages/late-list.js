// What is late and what is due soon, the oldest date first, with who says so and when.

import { openCalls, refusal } from './calls.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { openSaid } from './said.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const AHEAD = [0, 1, 3, 7, 14, 30]; // Calendar days; an office looks a few days ahead.
const calls = openCalls('/dossiers/late');
const say = openSaid($('said'));
let list = null;
let days = 3;

const day = (date) => (date ? date.split('-').reverse().join('/') : '');
const moment = (stamp) => W.time(stamp) + ', ' + W.date(stamp);

async function read() {
  const answer = await calls.get('/dossiers/late?days=' + days);
  if (answer && answer.ok) { list = answer.content; say('', ''); } else { say('bad', refusal(answer)); }
  draw();
}

function origin({ source, as_of: at }) {
  return source.kind === 'intake' ? W.t('late.origin.intake') : W.t('late.origin.import', { name: source.name, at: moment(at) });
}

function by(one) {
  if (one.late_days === 1) { return W.t('late.by.one'); }
  if (one.late_days) { return W.t('late.by', { n: W.number(one.late_days) }); }
  if (one.due_in_days === 0) { return W.t('late.in.today'); }
  return one.due_in_days === 1 ? W.t('late.in.one') : W.t('late.in', { n: W.number(one.due_in_days) });
}

function build() {
  const row = make('li');
  const what = make('div', 'what');
  const when = make('div');
  when.append(make('span', 'by'), make('span', 'more working'));
  what.append(make('span', 'dossier'), make('span', 'procedure'), make('span', 'more dates'), make('span', 'more source'));
  row.append(when, what, make('div', 'acts'));
  return row;
}

function fillRow(row, one) {
  row.className = one.late_days ? 'late' : '';
  const put = (name, text) => setText(row.querySelector('.' + name), text);
  put('by', by(one));
  put('working', one.late_days ? W.t('late.by.working', { n: W.number(one.late_working_days) }) : '');
  put('dossier', one.dossier);
  put('procedure', one.procedure ? ' ' + one.procedure : '');
  const dates = [W.t('late.due', { due: day(one.due_on) })];
  if (one.received_on) { dates.push(W.t('late.received', { received: day(one.received_on) })); }
  dates.push(W.t('dossier.state.' + one.state));
  if (one.steps.length) { dates.push(W.t('late.where', { where: one.steps[one.steps.length - 1].name })); }
  put('dates', dates.join(' · '));
  const source = one.source.name || W.t('dossiers.source.usual');
  put('source', one.as_of ? W.t('late.said', { source, at: moment(one.as_of) }) : '');
}

function count(name, n, alarm) {
  const node = make('div', alarm && n > 0 ? 'alarm' : '');
  node.append(make('dt', '', W.t(name)), make('dd', '', W.number(n)));
  return node;
}

function draw() {
  $('days').replaceChildren(...AHEAD.map((n) => {
    const node = make('option', '', W.t(n === 0 ? 'late.ahead.today' : 'late.ahead.days', { n }));
    node.value = String(n);
    return node;
  }));
  $('days').value = String(days);
  $('book').href = '/dossiers/late.xlsx?days=' + days + '&lang=' + W.language();
  if (!list) { return; }
  const known = list.origins.length > 0;
  setText($('origins'), known ? W.t('late.origins', { list: list.origins.map(origin).join('; ') }) : '');
  $('counts').hidden = !known;
  $('counts').replaceChildren(count('late.count.late', list.late, true), count('late.count.soon', list.soon), count('late.count.paused', list.paused));
  $('none').hidden = list.items.length > 0;
  setText($('none'), W.t(known ? 'late.none' : 'late.no-source'));
  $('more').hidden = !list.more;
  showList($('list'), list.items.map((one) => Object.assign({ key: one.ref }, one)), build, fillRow);
}

$('days').addEventListener('change', () => {
  days = Number($('days').value);
  read().then(() => $('days').focus());
});

openFrame('late.title', draw);
await read();
