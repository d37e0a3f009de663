// Copies for a spare machine: how they fare, one made now, one downloaded, and what to do when the
// machine is broken.

import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { newKey } from './outbox.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const ASK_MS = 15000; // A stick that was plugged in is seen after ten seconds.
const ASK_RUNNING_MS = 1000;
const SIGN_IN = '/login?next=/admin/backup';
let state = null;
let key = null;
let next = null;

async function read() {
  clearTimeout(next);
  const answer = await fetch('/api/v1/backup').catch(() => null);
  if (answer && answer.status === 401) { window.location.assign(SIGN_IN); }
  if (answer && answer.ok) {
    state = await answer.json();
    draw();
  }
  next = setTimeout(read, state && state.running ? ASK_RUNNING_MS : ASK_MS);
}

function trouble(text) {
  $('trouble').hidden = !text;
  setText($('trouble'), text);
}

$('now').addEventListener('click', async () => {
  // A lost answer is asked for again under the same key: one press is one copy.
  key = key || newKey();
  $('now').disabled = true;
  try {
    const answer = await fetch('/api/v1/backup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'Accept-Language': W.language() },
      body: '{}',
    });
    const content = await answer.json();
    key = null;
    if (answer.status === 401) { window.location.assign(SIGN_IN); }
    trouble(answer.ok ? '' : content.detail);
  } catch (lost) {
    trouble(W.t('act.uncertain.plain'));
  }
  await read();
});

function size(bytes) {
  const tenths = Math.max(1, Math.round(bytes / 100000));
  return W.t('backup.size', { n: W.number(Math.floor(tenths / 10)) + (W.language() === 'vi' ? ',' : '.') + (tenths % 10) });
}

function build() {
  const row = make('li');
  row.append(make('span', 'made'), make('span', 'size'), make('span', 'file'));
  return row;
}

function fillRow(row, copy) {
  setText(row.querySelector('.made'), copy.made ? W.time(copy.made) + ', ' + W.date(copy.made) : W.t('backup.undated'));
  setText(row.querySelector('.size'), size(copy.bytes));
  setText(row.querySelector('.file'), copy.file);
}

function draw() {
  setText($('now'), W.t(state && state.running ? 'backup.running' : 'backup.now'));
  if (!state) { return; }
  const { wanted, running, copies } = state;
  $('standing').className = running ? 'running' : state.health;
  setText($('standing'), running ? W.t('backup.running.hint') : W.text(state.text));
  $('now').hidden = !wanted;
  $('now').disabled = running;
  $('kept').hidden = !wanted;
  if (wanted) { setText($('where'), W.t('backup.where', { at: wanted.at, folder: wanted.folder, n: wanted.keep })); }
  $('none').hidden = copies.length > 0;
  showList($('copies'), copies.map((copy) => Object.assign({ key: copy.file }, copy)), build, fillRow);
}

openFrame('backup.title', draw);
await read();
