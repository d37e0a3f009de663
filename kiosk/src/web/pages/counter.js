// The counter page: one clerk, one ticket in hand, one scan box that always listens.
//
// Wires the parts: stream -> document -> drawing; keys and buttons -> acts; Enter -> outbox.
// The server's document is the truth; this page keeps nothing but scans not yet taken.

import { openActs } from './acts.js';
import { setText } from './dom.js';
import { guardSignOut, openOutbox } from './outbox.js';
import { watchKeys } from './keys.js';
import { askMe, leads, nameOf } from './me.js';
import { openPanel } from './panel.js';
import { openQuestions } from './questions.js';
import { draw, usable } from './render.js';
import { buzz, openScans } from './scans.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const SAID_MS = 8000; // Long enough to look up and read, short enough not to be taken for news.
const KEYS = { F2: 'next', F3: 'recall', F4: 'no-show', F6: 'hold', F7: 'transfer', F8: 'finish', F9: 'start' };

const number = Number(window.location.pathname.split('/')[2]);
const events = '/api/v1/counters/' + number + '/events';
const model = {
  number, doc: null, at: 0, up: false, late: false, seen: null, signedOut: false, unknown: false,
  purpose: null, done: { tone: '', text: '' }, notice: null, offer: null,
};
let stream = null;
let drawing = false;
let silence = null;
let me = null;

// Many events a second still cost one drawing a frame.
function changed() {
  if (drawing) { return; }
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    redraw();
  });
}

function say(tone, text) {
  model.done = { tone, text };
  clearTimeout(silence);
  // What went wrong stays until the next act; what went well may fade.
  if (tone === 'good') { silence = setTimeout(() => { model.done = { tone: '', text: '' }; changed(); }, SAID_MS); }
  changed();
}

/** The dossier that a waiting or a held ticket was taken for. */
function dossierOf(id) {
  const ticket = model.doc.waiting.concat(model.doc.away).find((one) => one.id === id);
  return ticket ? ticket.dossier : null;
}

function inHand() { return model.doc && model.doc.counter.mine ? model.doc.counter.ticket : null; }

const panel = openPanel($('panel'), changed);
const outbox = openOutbox({
  changed,
  told(scan, answer) {
    const isLatest = scans.told(scan, answer);
    if (!answer.refused) { return; }
    buzz();
    if (answer.refused.kind === 'ticket') { questions.ticketScanned(answer.refused, isLatest); }
  },
});
const scans = openScans(model, outbox);
const acts = openActs({
  counter: number,
  model,
  say,
  changed,
  signedOut() { model.signedOut = true; },
  // The answer is as true as the next event and earlier: a second press must see it.
  patch(name, answer) {
    if (!model.doc || !answer) {
      if (model.doc && name === 'next') { model.doc.counter.ticket = null; }
      return;
    }
    const counter = model.doc.counter;
    if (name === 'open' || name === 'pause' || name === 'close') {
      counter.state = answer.state;
      counter.mine = answer.state !== 'closed';
    } else if (answer.counter === number && (answer.state === 'called' || answer.state === 'serving')) {
      if (!counter.ticket || counter.ticket.id !== answer.id) { counter.dossier = dossierOf(answer.id); }
      counter.ticket = answer;
    } else if (counter.ticket && counter.ticket.id === answer.id) { counter.ticket = null; }
  },
});
const questions = openQuestions({ model, panel, acts, say, changed, inHand });

function redraw() {
  const hand = inHand();
  // A question about a ticket that has left, and a purpose meant for its citizen, end with it.
  if (panel.isOpen && panel.about && !(hand && hand.id === panel.about) && !questions.stillWaits(panel.about)) { panel.close(); }
  const about = hand ? hand.id : null;
  if (model.purposeFor !== about) { model.purposeFor = about; model.purpose = null; }
  const notice = model.notice;
  draw(Object.assign({}, model, {
    skew: stream ? stream.skew() : 0,
    running: acts.running,
    panelOpen: panel.isOpen,
    awake: document.hasFocus(),
    signedOut: model.signedOut || outbox.signedOut,
    said: notice || scans.line(),
  }), {
    reprint: () => hand && acts.onTicket('reprint', hand),
    checklist: () => hand && acts.onSlip('checklist', { service: hand.service, language: hand.language }, hand),
    choose: questions.choose,
    resume: questions.resume,
    returnSlip: questions.returnSlip,
  });
  scans.draw();
}

function act(name) {
  if (panel.isOpen) {
    const key = Object.keys(KEYS).find((one) => KEYS[one] === name);
    if (!panel.press(key)) { say('bad', W.t('panel.first')); }
    return;
  }
  if (acts.running) { return; }
  if (!model.up) { say('bad', W.t('act.nothing-done')); return; }
  // F2 always asks the server: only it knows whether somebody has just taken a number.
  if (name !== 'next' && !usable(name, model.doc)) { say('bad', W.t('act.not-now', { act: W.t('act.' + name) })); return; }
  if (name === 'hold') { questions.hold(); } else if (name === 'transfer') { questions.transfer(); } else { acts.onCounter(name); }
}

const keys = watchKeys({
  box: $('box'),
  acts: KEYS,
  act,
  escape() { panel.close(); },
  take(code) {
    model.offer = null;
    // Only an identity card's code has bars in it; of a card nothing may be kept, not even in passing.
    model.notice = code.includes('|') ? { tone: 'bad', text: W.t('scan.card') } : null;
    if (model.notice) { buzz(); changed(); return; }
    const hand = inHand();
    const context = { counter: number };
    if (hand) { context.ticket = hand.id; }
    if (model.purpose) { context.purpose = model.purpose; }
    scans.taken(outbox.take(code, context));
  },
});

function fill() {
  W.fill();
  setText($('who'), nameOf(me));
  $('manage').hidden = !leads(me);
  changed();
}

for (const button of document.querySelectorAll('[data-act]')) {
  button.addEventListener('click', () => act(button.dataset.act));
}
for (const name of ['open', 'pause', 'close']) { $(name).addEventListener('click', () => acts.onCounter(name)); }
$('test-page').addEventListener('click', () => acts.onSlip('test-page', { language: W.language() }, null));
$('undo-act').addEventListener('click', () => acts.onCounter('undo'));
$('offer').addEventListener('click', () => { if (model.offer) { model.offer.act(); } });
$('purpose').addEventListener('click', questions.purpose);
$('language').addEventListener('click', () => { W.toggle(); panel.close(); $('down').replaceChildren(); fill(); });
guardSignOut($('sign-out'), (text) => say('bad', text));
for (const name of ['focus', 'blur']) { window.addEventListener(name, changed); }
window.addEventListener('beforeunload', (event) => {
  if (outbox.waiting.some((scan) => !scan.stored)) { event.preventDefault(); event.returnValue = ''; }
});
window.addEventListener('online', () => outbox.kick());

stream = window.Stream.open(events, {
  counter(doc) {
    model.doc = doc;
    model.at = performance.now();
    changed();
  },
  notice(notice) {
    model.notice = { tone: notice.tone, text: notice.text };
    if (notice.tone === 'bad') { buzz(); }
    changed();
  },
}, {
  up() {
    Object.assign(model, { up: true, late: false, signedOut: false, unknown: false });
    outbox.signedOut = false;
    outbox.kick();
    changed();
  },
  down() {
    if (model.up || model.seen === null) { model.seen = stream && stream.seen() || Date.now(); }
    Object.assign(model, { up: false, late: true });
    questions.whyDown(events);
    changed();
  },
});
fill();
askMe().then((answer) => { me = answer; fill(); });
outbox.kick();
setInterval(changed, 1000);
keys.home();
