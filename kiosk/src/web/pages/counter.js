// The counter page: one clerk, one ticket in hand, one scan box that always listens.
//
// Wires the parts: stream -> document -> drawing; keys and buttons -> acts; Enter -> outbox.
// The server's document is the truth; this page keeps nothing but scans not yet taken.

import { openActs } from './acts.js';
import { isCard, isDamaged, purposeOf } from './sifting.js';
import { setText } from './dom.js';
import { openEquipment } from './equipment.js';
import { guardSignOut, openOutbox } from './outbox.js';
import { watchKeys } from './keys.js';
import { openLate } from './late.js';
import { askMe, leads, nameOf } from './me.js';
import { openPanel } from './panel.js';
import { openPurpose } from './purpose.js';
import { openQuestions } from './questions.js';
import { draw, usable } from './render.js';
import { openScans } from './scans.js';
import { openSerial } from './serial.js';
import { openSound } from './sound.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const SAID_MS = 8000; // Long enough to look up and read, short enough not to be taken for news.
const HEARD_MAX = 3; // Scans still on their way behind one whose tone anybody waits for.
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
let lastTaken = null; // The same label read again at once is the same scan, and is heard as such.

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

const late = openLate($('late'));
const panel = openPanel($('panel'), changed);
const sound = openSound(changed);
const purposes = openPurpose({ counter: number, model, changed });
const outbox = openOutbox({
  changed,
  told(scan, answer) {
    const isLatest = scans.told(scan, answer);
    if (!answer.refused) {
      // After a time without the server many go out at once: the clerk has long put the papers away.
      if (outbox.waiting.length < HEARD_MAX) {
        sound.play(answer.taken.repeat || answer.taken.id === lastTaken ? 'repeat' : 'taken');
        late.taken(answer.taken.id);
      }
      lastTaken = answer.taken.id;
      return;
    }
    if (answer.refused.kind === 'purpose' && answer.refused.purpose) { setPurpose(answer.refused.purpose); return; }
    sound.play('refused');
    if (answer.refused.kind === 'ticket') { questions.ticketScanned(answer.refused, isLatest); }
  },
});
const scans = openScans(model, outbox, (id) => questions.settle(id));
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
const questions = openQuestions({ model, panel, acts, purposes, say, changed, inHand });

function redraw() {
  const hand = inHand();
  // A question about a ticket that has left, and a purpose meant for its citizen, end with it.
  if (panel.isOpen && panel.about && !(hand && hand.id === panel.about) && !questions.stillWaits(panel.about)) { panel.close(); }
  const about = hand ? hand.id : null;
  if (model.purposeFor !== about) { model.purposeFor = about; model.purpose = null; }
  purposes.follow();
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
  equipment.draw();
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

/** A purpose barcode: the codes that follow are for this, until the ticket in hand changes. */
function setPurpose(purpose) {
  const usual = model.doc ? model.doc.counter.purpose : 'receive';
  purposes.say(purpose === usual ? null : purpose);
  model.notice = { tone: 'good', text: W.t('purpose.set', { purpose: W.t('purpose.' + purpose) }) };
  sound.play('taken');
  changed();
}

/** A code that goes no further than this page. `why` is a word. */
function refuse(code, why) {
  model.offer = null;
  model.notice = null;
  scans.notSent(code, why);
  sound.play('refused');
  changed();
}

/** A scan of which there are only parts. Of a card nothing is shown, and the reason is the card. */
function refuseScan(parts, why) {
  const card = parts.find(isCard);
  if (card) { refuse(card, 'scan.card'); } else { refuse(parts[0], why); }
}

/** A code that was read whole. `typed`: an input method may have been at it. */
function take(code, typed) {
  if (isCard(code)) { refuse(code, 'scan.card'); return; }
  if (typed && isDamaged(code)) { refuse(code, 'scan.damaged'); return; }
  model.offer = null;
  model.notice = null;
  const purpose = purposeOf(code);
  if (purpose) { setPurpose(purpose); return; }
  const hand = inHand();
  const context = { counter: number };
  if (hand) { context.ticket = hand.id; }
  if (model.purpose) { context.purpose = model.purpose; }
  scans.taken(outbox.take(code, context));
}

const keys = watchKeys({
  box: $('box'),
  acts: KEYS,
  act,
  escape() { panel.close(); },
  take(code) { take(code, true); },
  damaged(texts) { refuseScan(texts, 'scan.damaged'); },
  brokenOff(text) { refuseScan([text], 'scan.broken-off'); },
});
const serial = openSerial({
  changed,
  take(code) { take(code, false); },
  garbled(text) { if (isCard(text)) { refuse(text, 'scan.card'); } else { refuse('', 'serial.garbled'); } },
});
const equipment = openEquipment({ panel, serial, sound });

function fill() {
  W.fill();
  late.draw();
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
$('equipment').addEventListener('click', equipment.ask);
$('language').addEventListener('click', () => { W.toggle(); panel.close(); $('down').replaceChildren(); fill(); });
guardSignOut($('sign-out'), (text) => say('bad', text));
for (const name of ['focus', 'blur']) { window.addEventListener(name, changed); }
window.addEventListener('beforeunload', (event) => {
  if (outbox.waiting.some((scan) => !scan.stored)) { event.preventDefault(); event.returnValue = ''; }
});
window.addEventListener('online', () => outbox.kick());

// What a scanner of the office's own machine read at this counter.
function noticed({ kind, says, text, tone }) {
  const sounds = kind === 'repeat' || kind === 'refused' ? kind : tone === 'bad' ? 'refused' : 'taken';
  sound.play(sounds);
  model.notice = { tone, text: W.text(says) || text };
  changed();
}

stream = window.Stream.open(events, {
  counter(doc) {
    model.doc = doc;
    model.at = performance.now();
    changed();
  },
  notice(notice) {
    noticed(notice);
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
