// People: who may sign in. An admin changes the list, a supervisor lifts lock-outs.
//
// The server's list is the truth and is read again after each act.

import { openCalls, refusal } from './calls.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { askMe } from './me.js';
import { openSaid } from './said.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const ROLES = ['clerk', 'supervisor', 'admin'];
const ASK_MS = 15000; // Locks run out by themselves.
const calls = openCalls('/admin/people');
const say = openSaid($('said'));
let me = null;
let people = [];
let asked = null;

/** Tells of a refusal beside the form that it is about. */
function trouble(form) {
  return (text) => {
    $(form + '-trouble').hidden = false;
    setText($(form + '-trouble'), text);
  };
}

/** Does one act and says what came of it; `refused` hears a refusal. */
async function act(path, body, done, refused) {
  const answer = await calls.post('/people' + path, body);
  if (answer && answer.ok) { say('good', done); } else {
    (refused || ((text) => say('bad', text)))(refusal(answer));
  }
  await read();
  return Boolean(answer && answer.ok);
}

async function read() {
  const answer = await calls.get('/people');
  if (!answer || !answer.ok) { return; }
  people = answer.content.items;
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
