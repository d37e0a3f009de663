// Date and time: what the machine knows, and staff's word where it may count.
import { confirmTime, fields, momentOf, proposed, readTime, sentence } from './time-word.js';
import { setText } from './dom.js';
import { openFrame } from './frame.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const PARTS = ['day', 'month', 'year', 'hour', 'minute'];
const ASK_MS = 10000; // The network may have come back and with it the time.
let time = null;
let asked = 0; // When the server was asked, on this browser's clock.
let touched = false; // Somebody types: nothing is put over it.
let sure = false;

function typed() {
  const parts = {};
  for (const name of PARTS) {
    const value = $(name).value.trim();
    if (!/^\d+$/.test(value)) { return null; }
    parts[name] = Number(value);
  }
  return momentOf(parts);
}

function put(moment) {
  for (const [name, value] of Object.entries(fields(moment))) { $(name).value = value; }
}

function draw() {
  if (!time) { return; }
  const now = Date.parse(time.now) + Date.now() - asked;
  setText($('now'), time.known ? sentence(now) : W.t('time.unknown'));
  setText($('source'), W.t('time.source.' + (time.source || 'none')));
  $('set').hidden = !time.settable;
  if (!touched) { put(time.known ? now : proposed(time)); }
  const moment = typed();
  setText($('reads'), moment === null ? W.t('time.no-such') : sentence(moment));
  setText($('right'), W.t(sure ? 'time.right.sure' : 'time.right.set'));
}

async function look() {
  const answer = await readTime();
  if (answer) {
    time = answer;
    asked = Date.now();
  }
  draw();
}

function trouble(text) {
  $('trouble').hidden = !text;
  setText($('trouble'), text);
}

for (const name of PARTS) {
  $(name).addEventListener('input', () => {
    touched = true;
    sure = false;
    trouble('');
    setText($('said'), '');
    draw();
  });
}

$('set').addEventListener('submit', async (event) => {
  event.preventDefault();
  const moment = typed();
  if (moment === null) { trouble(W.t('time.no-such')); return; }
  // Untouched it is the moment of the press, to the second.
  const exact = touched ? moment : proposed(time);
  const answer = await confirmTime(exact, sure);
  if (answer.ok) {
    time = answer.time;
    asked = Date.now();
    touched = false;
    sure = false;
    trouble('');
    setText($('said'), W.t('time.done'));
  } else {
    trouble(answer.detail);
    sure = answer.again;
  }
  draw();
});

openFrame('time.title', draw);
look();
setInterval(look, ASK_MS);
setInterval(draw, 1000);
