// Devices: how each part fares, which devices are let in, and who was refused. An admin lets devices
// in by the code that they show, a supervisor reads.
//
// The server's lists are the truth and are read again after each act and now and then.

import { openCalls, refusal } from './calls.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { askMe } from './me.js';
import { openSaid } from './said.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const ASK_MS = 5000; // A screen that was just let in is seen at work while one looks.
const HERE_SECONDS = 60; // As the server has it.
const calls = openCalls('/admin/devices');
const say = openSaid($('said'));
let me = null;
let health = [];
let devices = [];
let waiting = [];
let access = null;
let asked = null;

const isAdmin = () => Boolean(me && me.role === 'admin');

function trouble(form, text) {
  $(form + '-trouble').hidden = !text;
  setText($(form + '-trouble'), text);
}

async function items(path) {
  const answer = await calls.get(path);
  return answer && answer.ok ? answer.content.items : null;
}

async function read() {
  health = await items('/health') || health;
  devices = await items('/devices') || devices;
  if (isAdmin()) {
    waiting = await items('/enrolments') || waiting;
    if ($('access').open) { await readAccess(); }
  }
  draw();
}

async function readAccess() {
  const answer = await calls.get('/access');
  access = answer && answer.ok ? answer.content : access;
}

// How each part fares.

function healthRow() {
  const row = make('li');
  row.append(make('span', 'part'), make('span', 'says'));
  return row;
}

function fillHealth(row, line) {
  row.className = line.state;
  setText(row.querySelector('.part'), W.text(line.name));
  setText(row.querySelector('.says'), W.text(line.says));
}

function drawHealth() {
  const keyed = health.map((line) => Object.assign({ key: line.part }, line));
  const well = keyed.filter((line) => line.state === 'good');
  const ill = keyed.filter((line) => line.state !== 'good');
  showList($('health'), ill, healthRow, fillHealth);
  showList($('health-well'), well, healthRow, fillHealth);
  $('calm').hidden = ill.length > 0 || well.length === 0;
  $('well').hidden = well.length === 0;
  setText($('well-title'), W.t('devices.well', { n: well.length }));
}

// Those that wait.

function drawWaiting() {
  const rows = waiting.map((one, at) => ({
    key: String(at),
    text: W.t('devices.waits', { kind: W.t('device.' + one.kind), name: one.name, address: one.address,
      n: Math.ceil(one.expires_in_seconds / 60) }),
  }));
  showList($('waiting'), rows, () => make('li'), (row, one) => setText(row, one.text));
}

// Those that are let in.

function deviceRow() {
  const row = make('li');
  const what = make('div', 'what');
  what.append(make('span', 'device-name'), make('span', 'hint made'), make('span', 'seen'));
  const button = (name) => {
    const node = make('button', name);
    node.type = 'button';
    node.addEventListener('click', () => ask(name, row.device));
    return node;
  };
  row.append(what, button('rename'), button('revoke'));
  return row;
}

const nameOf = (device) => device.name || device.id;

function kindOf(device) {
  if (device.kind) { return W.t('device.' + device.kind); }
  return W.t('device.token', { role: W.t('device.role.' + device.role) });
}

function made(device) {
  const by = device.made_by ? W.t('devices.made', { who: device.made_by }) : W.t('devices.made.here');
  return [kindOf(device), device.name ? device.id : '', by, W.date(device.made_at)].filter(Boolean).join(' · ');
}

function seen(device) {
  if (device.silent_seconds === null) { return W.t('devices.never'); }
  const from = { address: device.address || '', time: device.last_contact ? stamp(device.last_contact) : '' };
  if (device.silent_seconds <= HERE_SECONDS) { return W.t('devices.here', from); }
  return W.t(from.time ? 'devices.last' : 'devices.last.plain', from);
}

function fillDevice(row, device) {
  row.device = device;
  setText(row.querySelector('.device-name'), nameOf(device));
  setText(row.querySelector('.made'), made(device));
  const here = device.silent_seconds !== null && device.silent_seconds <= HERE_SECONDS;
  row.querySelector('.seen').className = 'seen ' + (device.away ? 'gone' : here ? 'here' : '');
  setText(row.querySelector('.seen'), seen(device));
  for (const name of ['rename', 'revoke']) {
    const button = row.querySelector('button.' + name);
    setText(button, W.t('devices.' + name));
    button.setAttribute('aria-label', W.t('devices.' + name) + ': ' + nameOf(device));
    button.hidden = !isAdmin();
  }
}

// Who looked, and who was refused.

function stamp(at) {
  return at ? W.time(at) + ', ' + W.date(at) : W.t('time.unknown');
}

function drawLog(id, lines, text) {
  const rows = lines.map((line, at) => ({ key: String(at), text: stamp(line.at) + ' · ' + text(line) }));
  showList($(id), rows, () => make('li'), (row, line) => setText(row, line.text));
  $(id + '-none').hidden = rows.length > 0;
}

/** What a call of the API is called by people. */
function callOf(call) {
  const word = 'access.call.' + call;
  return W.has(word) ? W.t(word) : call;
}

function drawAccess() {
  if (!access) { return; }
  drawLog('refused', access.refusals, (line) => [W.t('access.' + line.refused), line.who,
    line.from || W.t('access.many'), W.t('access.times', { n: line.times })].filter(Boolean).join(' · '));
  drawLog('looks', access.looks, (line) => [line.who, W.t('access.values', { n: line.values }), callOf(line.call)].join(' · '));
}

function draw() {
  $('new').hidden = !isAdmin();
  $('access').hidden = !isAdmin();
  $('none').hidden = devices.length > 0;
  drawHealth();
  drawWaiting();
  showList($('devices'), devices.map((device) => Object.assign({ key: device.id }, device)), deviceRow, fillDevice);
  drawAccess();
}

// Acts.

/** Asks for a new name, or whether a device should really be revoked. */
function ask(what, device) {
  asked = { what, device };
  setText($('ask-what'), W.t('devices.' + what + '.question', { name: nameOf(device) }));
  setText($('ask-then'), W.t('devices.' + what + '.then'));
  setText($('ask-yes'), W.t('devices.' + what));
  $('ask-name').hidden = what !== 'rename';
  $('new-name').required = what === 'rename';
  $('new-name').value = device.name;
  trouble('ask', '');
  $('ask').showModal();
}

/** Does one act; what was refused is told beside its form. */
async function act(path, body, done, form) {
  const answer = await calls.post('/devices' + path, body);
  const ok = Boolean(answer && answer.ok);
  trouble(form, ok ? '' : refusal(answer));
  if (ok) { say('good', done(answer.content)); }
  await read();
  return ok;
}

$('ask-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { what, device } = asked;
  const name = what === 'rename' ? $('new-name').value.trim() : nameOf(device);
  const body = what === 'rename' ? { name } : {};
  const path = '/' + encodeURIComponent(device.id) + '/' + what;
  if (await act(path, body, () => W.t('devices.did.' + what, { name }), 'ask')) { $('ask').close(); }
});
$('ask-no').addEventListener('click', () => $('ask').close());

$('approve').addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = { code: $('code').value.trim(), name: $('name').value.trim() };
  const done = (device) => W.t('devices.did.approve', { name: device.name, kind: kindOf(device) });
  if (await act('', body, done, 'approve')) { $('approve').reset(); }
});

$('access').addEventListener('toggle', async () => {
  if ($('access').open) { await readAccess(); drawAccess(); }
});

openFrame('devices.title', draw);
me = await askMe();
await read();
setInterval(read, ASK_MS);
