// Drafting a letter for a late dossier: a new date, a reason, the paper. A page of its own, because on
// the counter's every letter and digit belongs to the scanner.
//
// Which dossier is told by the address: the id of a scan, or the name that the late list has for it.

import { openCalls, refusal } from './calls.js';
import { make, setText } from './dom.js';
import { openFrame } from './frame.js';
import { openSaid } from './said.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(window.location.search);
const named = asked.get('scan') ? { scan: asked.get('scan') } : { ref: asked.get('ref') || '' };
const calls = openCalls('/dossiers/late');
const say = openSaid($('said'));
let form = null;

const day = (date) => date.split('-').reverse().join('/');

function choice(text, chosen, choose) {
  const button = make('button', '', text);
  button.type = 'button';
  button.setAttribute('aria-pressed', String(chosen));
  button.addEventListener('click', () => { choose(); drawChoices(); });
  return button;
}

/** Buttons keep their places: only whether they are chosen changes. */
function drawChoices() {
  const fill = (node, list) => {
    const at = Array.from(node.children).indexOf(document.activeElement);
    node.replaceChildren(...list);
    if (at >= 0) { node.children[at].focus(); }
  };
  fill($('dates'), form.dates.map(({ working_days: n, date }) => choice(
    W.t(n === 1 ? 'letter.in.one' : 'letter.in', { n, date: W.date(date) }), $('new-due').value === date, () => { $('new-due').value = date; })));
  fill($('reasons'), form.reasons.map((reason) => choice(reason, $('reason').value.trim() === reason, () => { $('reason').value = reason; })));
}

function draw() {
  $('drafting').hidden = !form;
  if (!form) { return; }
  const { dossier, procedure, due_on: due, late_days: n } = form.about;
  const late = W.t(n === 1 ? 'late.by.one' : 'late.by', { n: W.number(n) });
  setText($('about'), [dossier, procedure, W.t('late.due', { due: day(due) }), late].filter(Boolean).join(' · '));
  setText($('form-name'), W.t('letter.form', { name: form.name, basis: form.basis, from: day(form.from) }));
  drawChoices();
}

async function read() {
  const answer = await calls.get('/letters/form?' + new URLSearchParams(named));
  if (answer && answer.ok) { form = answer.content; say('', ''); } else { say('bad', refusal(answer)); }
  draw();
}

for (const id of ['new-due', 'reason']) { $(id).addEventListener('input', drawChoices); }
$('drafting').addEventListener('submit', async (event) => {
  event.preventDefault();
  const date = $('new-due').value;
  const reason = $('reason').value.trim();
  if (!date) { say('bad', W.t('letter.no-date')); $('new-due').focus(); return; }
  if (!reason) { say('bad', W.t('letter.no-reason')); $('reason').focus(); return; }
  const paper = document.querySelector('[name="paper"]:checked').value;
  const answer = await calls.post('/letters', Object.assign({ new_due: date, reason, paper }, named));
  if (answer && answer.ok) { window.location.replace('/letters/' + answer.content.id); } else { say('bad', refusal(answer)); }
});

openFrame('letter.new', draw);
await read();
