// What is late and what is due soon, the oldest date first, with who says so and when; of what is
// late, how far its letter of apology is.

import { openCalls, refusal } from './calls.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { openSaid } from './said.js';
import { twice } from './twice.js';

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
  what.append(make('span', 'dossier'), make('span', 'procedure'), make('span', 'more dates'), make('span', 'more source'), make('span', 'letter'));
  row.append(when, what, acts(row));
  return row;
}

function way(name) {
  const link = make('a', 'button ' + name);
  link.target = '_blank';
  return link;
}

/** What can be done about the letter of the row's dossier. */
function acts(row) {
  const node = make('div', 'acts');
  for (const act of ['sign', 'give']) {
    const button = twice(() => further(row.letter, act));
    button.classList.add(act);
    node.append(button);
  }
  node.append(way('open'), way('write'));
  return node;
}

async function further(letter, act) {
  const answer = await calls.post('/letters/' + letter.id + '/' + act, {});
  const done = answer && answer.ok;
  await read();
  if (done) { say('good', W.t('letter.said.' + answer.content.state)); } else { say('bad', refusal(answer)); }
}

function fillActs(row, { letter, ref, dossier, late_days: late }) {
  row.letter = letter;
  const state = letter ? letter.state : 'none';
  for (const [act, from] of [['sign', 'drafted'], ['give', 'signed']]) {
    const button = row.querySelector('.' + act);
    button.hidden = state !== from;
    button.words({ ask: W.t('letter.' + act), sure: W.t('letter.' + act + '.sure'), then: W.t('letter.' + act + '.then'), about: dossier });
  }
  const link = (name, address, word) => {
    const node = row.querySelector('.' + name);
    node.hidden = !address;
    if (!address) { return; }
    node.href = address;
    setText(node, W.t(word));
    node.setAttribute('aria-label', W.t(word) + ': ' + dossier);
  };
  link('open', letter && '/letters/' + letter.id, 'letter.open');
  link('write', late && '/letters/new?ref=' + ref, letter ? 'letter.write.again' : 'letter.write');
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
  const { letter } = one;
  const said = letter && W.t('late.letter', { state: W.t('letter.state.' + letter.state), due: day(letter.new_due_on) });
  put('letter', said || (one.late_days ? W.t('late.letter.none') : ''));
  row.classList.toggle('unwritten', Boolean(one.late_days) && !letter);
  fillActs(row, one);
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
  $('counts').replaceChildren(count('late.count.late', list.late, true), count('late.count.unwritten', list.unwritten, true), count('late.count.soon', list.soon), count('late.count.paused', list.paused));
  $('none').hidden = list.items.length > 0;
  setText($('none'), W.t(known ? 'late.none' : 'late.no-source'));
  $('more').hidden = !list.more;
  showList($('list'), list.items.map((one) => Object.assign({ key: one.ref }, one)), build, fillRow);
}

$('days').addEventListener('change', () => {
  days = Number($('days').value);
  read().then(() => $('days').focus());
});

// A letter was drafted in another tab.
window.addEventListener('focus', read);

openFrame('late.title', draw);
await read();
