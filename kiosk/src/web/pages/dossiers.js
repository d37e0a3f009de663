// Taking in the dossier software's export: a file is sent and looked at, and counts once it is
// confirmed. The server understands it; this page shows how, and sends another choice of columns.

import { openCalls, refusal } from './calls.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { newKey } from './outbox.js';
import { openSaid } from './said.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const FILE_BYTES_MAX = 24 * 1024 * 1024; // As the server takes; said before the file is on its way.
const COLUMNS = ['dossier', 'procedure', 'state', 'received', 'due', 'finished', 'returned', 'step', 'phone', 'paper', 'secret'];
const SAMPLE = ['dossier', 'procedure', 'state', 'received_on', 'due_on', 'finished_on'];
const SIGN_IN = '/login?next=/admin/dossiers';
const calls = openCalls('/admin/dossiers');
const say = openSaid($('said'));
let imports = null;
let file = null;
let preview = null;

const day = (date) => (date ? date.split('-').reverse().join('/') : '');
const moment = (stamp) => (stamp ? W.time(stamp) + ', ' + W.date(stamp) : W.t('dossiers.undated'));

async function read() {
  const answer = await calls.get('/dossiers/imports');
  if (answer && answer.ok) { imports = answer.content; }
  draw();
}

/** Sends the file itself; everything else goes as JSON. */
async function send(chosen) {
  try {
    const answer = await fetch('/api/v1/dossiers/imports', {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream', 'Idempotency-Key': newKey(), 'Accept-Language': W.language() },
      body: chosen,
    });
    if (answer.status === 401) { window.location.assign(SIGN_IN); }
    return { ok: answer.ok, content: await answer.json() };
  } catch (lost) {
    return null;
  }
}

async function load(chosen) {
  if (chosen.size > FILE_BYTES_MAX) { say('bad', W.t('dossiers.too-large')); return; }
  say('', W.t('dossiers.reading'));
  $('choose').disabled = true;
  const answer = await send(chosen);
  $('choose').disabled = false;
  if (!answer || !answer.ok) { say('bad', refusal(answer)); return; }
  say('', '');
  file = chosen.name;
  preview = answer.content;
  if (!$('source').value) { $('source').value = (imports && imports.items[0] && imports.items[0].source) || W.t('dossiers.source.usual'); }
  draw();
  $('preview-title').focus();
}

async function recheck(columns) {
  const answer = await calls.post('/dossiers/imports/' + preview.id + '/check', { columns });
  if (!answer || !answer.ok) { say('bad', refusal(answer)); return; }
  say('', '');
  preview = answer.content;
  draw();
}

$('choose').addEventListener('click', () => $('file').click());
$('file').addEventListener('change', async () => {
  const chosen = $('file').files[0];
  if (chosen) { await load(chosen); }
  $('file').value = '';
});
$('leave').addEventListener('click', () => {
  preview = null;
  say('', W.t('dossiers.left'));
  draw();
  $('choose').focus();
});
$('confirm').addEventListener('submit', async (event) => {
  event.preventDefault();
  $('take').disabled = true;
  const body = { columns: preview.columns, source: $('source').value, file };
  const answer = await calls.post('/dossiers/imports/' + preview.id + '/confirm', body);
  if (answer && answer.ok) {
    preview = null;
    say('good', W.t('dossiers.taken', { n: W.number(answer.content.rows) }));
    $('choose').focus();
  } else { say('bad', refusal(answer)); }
  await read();
});

function chooser(column) {
  const field = make('div', 'field');
  const label = make('label', '', W.t('dossiers.column.' + column));
  const select = make('select');
  select.id = 'column-' + column;
  label.htmlFor = select.id;
  const option = (value, text) => {
    const node = make('option', '', text);
    node.value = value;
    return node;
  };
  select.append(option('', W.t('dossiers.column.none')),
    ...preview.names.map((name, at) => option(String(at), name || W.t('dossiers.column.unnamed', { n: at + 1 }))));
  const at = preview.columns[column];
  select.value = at === undefined ? '' : String(at);
  select.addEventListener('change', () => {
    const columns = Object.assign({}, preview.columns);
    if (select.value === '') { delete columns[column]; } else { columns[column] = Number(select.value); }
    recheck(columns).then(() => $(select.id) && $(select.id).focus());
  });
  field.append(label, select);
  return field;
}

function count(name, n, alarm) {
  const node = make('div', alarm && n > 0 ? 'alarm' : '');
  node.append(make('dt', '', W.t(name)), make('dd', '', W.number(n)));
  return node;
}

function sampleRow(row) {
  const node = make('tr');
  const shown = Object.assign({}, row, {
    state: W.t('dossier.state.' + row.state), received_on: day(row.received_on), due_on: day(row.due_on), finished_on: day(row.finished_on),
  });
  node.append(...SAMPLE.map((name, at) => {
    const cell = make(at === 0 ? 'th' : 'td', '', shown[name] || '');
    if (at === 0) { cell.scope = 'row'; }
    return cell;
  }));
  return node;
}

function drawPreview() {
  $('preview').hidden = !preview;
  if (!preview) { return; }
  setText($('preview-title'), W.t('dossiers.preview', { file }));
  $('preview-title').tabIndex = -1;
  $('refused').hidden = !preview.refused;
  setText($('refused'), W.text(preview.refused));
  $('counts').replaceChildren(count('dossiers.good', preview.good), count('dossiers.bad', preview.bad, true),
    count('dossiers.repeated', preview.repeated), count('dossiers.provable', preview.provable));
  $('columns').replaceChildren(...COLUMNS.map(chooser));
  $('sample-head').replaceChildren(...SAMPLE.map((name) => {
    const cell = make('th', '', W.t('dossiers.sample.' + name));
    cell.scope = 'col';
    return cell;
  }));
  $('sample').replaceChildren(...preview.sample.map(sampleRow));
  $('bad').hidden = preview.bad === 0;
  setText($('bad-title'), W.t('dossiers.bad.title', { n: W.number(preview.bad) }));
  $('told').replaceChildren(...preview.told.map((bad) => make('li', '', W.t('dossiers.fault.' + bad.fault, {
    line: W.number(bad.line), column: bad.column ? W.t('dossiers.column.' + bad.column) : '',
  }))));
  setText($('take'), W.t('dossiers.take', { n: W.number(preview.good) }));
  $('take').disabled = Boolean(preview.refused);
}

function buildImport() {
  const row = make('li');
  row.append(make('span', 'source'), make('span', 'current'), make('span', 'more'));
  return row;
}

function fillImport(row, one) {
  setText(row.querySelector('.source'), W.t('dossiers.import', { source: one.source, n: W.number(one.rows) }));
  setText(row.querySelector('.current'), one.current ? W.t('dossiers.current') : '');
  setText(row.querySelector('.more'), W.t(one.bad ? 'dossiers.import.bad' : 'dossiers.import.more', {
    at: moment(one.at), who: one.who, file: one.file || W.t('dossiers.unnamed'), bad: W.number(one.bad),
  }));
}

function draw() {
  drawPreview();
  if (!imports) { return; }
  const seen = new Set();
  const items = imports.items.map((one) => {
    const current = !seen.has(one.source);
    seen.add(one.source);
    return Object.assign({ key: String(one.id), current }, one);
  });
  $('asks').hidden = !imports.asks;
  $('none').hidden = items.length > 0;
  $('sources').replaceChildren(...Array.from(seen, (source) => {
    const option = make('option');
    option.value = source;
    return option;
  }));
  showList($('imports'), items, buildImport, fillImport);
}

openFrame('dossiers.title', draw);
await read();
