// People: who may sign in. An admin changes the list, a supervisor lifts lock-outs.
//
// The server's list is the truth and is read again after each act. A press has one key, and a lost
// answer is asked for again under the same key.

import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { askMe } from './me.js';
import { newKey } from './outbox.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const ROLES = ['clerk', 'supervisor', 'admin'];
const ASK_MS = 15000; // Locks run out by themselves.
const SAID_MS = 8000; // Long enough to look up and read.
let me = null;
let people = [];
let asked = null;
let unanswered = null;
let silence = null;

function say(tone, text) {
  clearTimeout(silence);
  // What went well may fade; it lies over the list.
  if (tone === 'good') { silence = setTimeout(() => say('', ''), SAID_MS); }
  $('said').className = 'said ' + tone;
  setText($('said'), text);
}

/** Tells of a refusal beside the form that it is about. */
function trouble(form) {
  return (text) => {
    $(form + '-trouble').hidden = false;
    setText($(form + '-trouble'), text);
  };
}

/** One act; the answer, or null when none came. */
async function post(path, body) {
  const meant = JSON.stringify([path, body]);
  if (!unanswered || unanswered.meant !== meant) { unanswered = { meant, key: newKey() }; }
  try {
    const answer = await fetch('/api/v1/people' + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': unanswered.key, 'Accept-Language': W.language() },
      body: JSON.stringify(body),
    });
    const content = answer.status === 204 ? null : await answer.json();
    unanswered = null;
    if (answer.status === 401) { window.location.assign('/login?next=/admin/people'); }
    return { ok: answer.ok, content };
  } catch (lost) {
    return null;
  }
}

/** Does one act and says what came of it; `refused` hears a refusal. */
async function act(path, body, done, refused) {
  const answer = await post(path, body);
  if (answer && answer.ok) { say('good', done); } else {
    (refused || ((text) => say('bad', text)))(answer ? answer.content.detail : W.t('act.uncertain.plain'));
  }
  await read();
  return Boolean(answer && answer.ok);
}

async function read() {
  const answer = await fetch('/api/v1/people').catch(() => null);
  if (answer && answer.status === 401) { window.location.assign('/login?next=/admin/people'); }
  if (!answer || !answer.ok) { return; }
  people = (await answer.json()).items;
  draw();
}

function roleChoice(select) {
  select.replaceChildren(...ROLES.map((role) => {
    const option = make('option', '', W.t('role.' + role));
    option.value = role;
    return option;
  }));
}

function build() {
  const row = make('li');
  const button = (name, press) => {
    const node = make('button', name);
    node.type = 'button';
    node.addEventListener('click', () => press(row.person));
    return node;
  };
  const role = make('select', 'role');
  role.addEventListener('change', () => {
    const done = W.t('people.did.role', { name: row.person.name, role: W.t('role.' + role.value) });
    act('/' + row.person.id + '/role', { role: role.value }, done);
  });
  row.append(make('span', 'person-name'), make('span', 'person-locked'), role,
    button('unlock', (person) => act('/' + person.id + '/unlock', {}, W.t('people.did.unlock', { name: person.name }))),
    button('pin', (person) => ask('pin', person)), button('remove', (person) => ask('remove', person)));
  return row;
}

function fillRow(row, person) {
  const admin = me && me.role === 'admin';
  row.person = person;
  const name = row.querySelector('.person-name');
  name.replaceChildren(make('span', '', person.name + ' '), make('span', 'hint', W.t('people.number', { n: person.id })));
  const locked = person.locked_seconds > 0;
  setText(row.querySelector('.person-locked'), locked ? W.t('people.locked', { n: Math.ceil(person.locked_seconds / 60) }) : '');
  const role = row.querySelector('.role');
  if (document.activeElement !== role) { roleChoice(role); role.value = person.role; }
  role.disabled = !admin;
  role.setAttribute('aria-label', W.t('people.role.of', { name: person.name }));
  for (const name of ['unlock', 'pin', 'remove']) {
    const button = row.querySelector('button.' + name);
    setText(button, W.t('people.' + name));
    button.setAttribute('aria-label', W.t('people.' + name) + ': ' + person.name);
    button.hidden = name === 'unlock' ? !locked : !admin;
  }
}

function draw() {
  $('new').hidden = !(me && me.role === 'admin');
  showList($('people'), people.map((person) => Object.assign({ key: person.id }, person)), build, fillRow);
}

/** Asks for a new PIN, or whether somebody should really be removed. */
function ask(what, person) {
  asked = { what, person };
  setText($('ask-what'), W.t('people.' + what + '.question', { name: person.name }));
  setText($('ask-then'), W.t('people.' + what + '.then'));
  setText($('ask-yes'), W.t('people.' + what));
  $('ask-pin').hidden = what !== 'pin';
  $('new-pin').required = what === 'pin';
  $('new-pin').value = '';
  $('ask-trouble').hidden = true;
  $('ask').showModal();
}

$('ask-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { what, person } = asked;
  const body = what === 'pin' ? { pin: $('new-pin').value.trim() } : {};
  const done = await act('/' + person.id + '/' + what, body, W.t('people.did.' + what, { name: person.name }), trouble('ask'));
  if (done) { $('ask').close(); }
});
$('ask-no').addEventListener('click', () => $('ask').close());

$('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const name = $('name').value.trim();
  const body = { name, role: $('role').value, pin: $('pin').value.trim() };
  if (await act('', body, W.t('people.did.add', { name }), trouble('add'))) {
    $('add').reset();
    $('add-trouble').hidden = true;
  }
});

openFrame('people.title', () => {
  const chosen = $('role').value || 'clerk';
  roleChoice($('role'));
  $('role').value = chosen;
  draw();
});
me = await askMe();
await read();
setInterval(read, ASK_MS);
