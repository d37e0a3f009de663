// Draws the counter page from its document: header, ticket in hand, acts, queue, undo.
//
// Nothing is decided here. `view` is what the page knows: `{doc, at, up, skew, running, panel,
// purpose, said, done, signedOut, number}`; what is drawn follows from it alone.

import { make, setText, showList } from './dom.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);

// Which acts make sense in which state of the ticket in hand; the server has the last word.
const USABLE = {
  recall: ['called'],
  'no-show': ['called'],
  start: ['called'],
  hold: ['called', 'serving'],
  transfer: ['called', 'serving'],
  finish: ['called', 'serving'],
};

/** Whether an act can be used now. */
export function usable(name, doc) {
  const counter = doc && doc.counter;
  if (!counter || !counter.mine) { return false; }
  const hand = counter.ticket;
  if (name === 'next') { return counter.state === 'open'; }
  return Boolean(hand && USABLE[name].includes(hand.state));
}

function serviceName(doc, letter) { return W.text(doc.names[letter]) || letter; }

function why(ticket) {
  const reason = ticket.why;
  if (!reason) { return ''; }
  let text = W.t('why.' + reason.rule, { after: reason.after });
  if (reason.rule === 'priority-turn' && !reason.after) { text = W.t('why.priority-turn.plain'); }
  if (reason.passed) { text = W.t('why.passed', { why: text, passed: reason.passed }); }
  return W.t('hand.why', { why: text });
}

function header(view) {
  const doc = view.doc;
  const services = doc ? ' · ' + doc.counter.services.map((letter) => serviceName(doc, letter)).join(', ') : '';
  setText($('place'), W.t('counter', { n: view.number }) + services);
  document.title = W.t('counter', { n: view.number });
  setText($('clock'), doc ? W.now(doc.clock, view.skew) || W.t('time.unknown') : '');
  for (const part of ['printer', 'intake']) {
    setText($(part), doc ? W.t(part + '.' + doc[part]) : '');
    $(part).className = doc && (doc[part] === 'trouble' || doc[part] === 'away') ? 'alarm' : '';
  }
}

/** What is the matter with printers, and the one thing to do; the server writes the sentences. */
function printers(view) {
  const all = view.doc ? view.doc.printers : [];
  const advised = all.filter((printer) => printer.advice);
  const lines = advised.map((printer) => {
    const advice = W.text(printer.advice);
    return { cls: printer.condition === 'paper-low' ? 'soon' : 'now',
      text: all.length > 1 ? W.t('printer.named', { name: W.text(printer.place) || printer.name, advice }) : advice };
  });
  paragraphs($('advice'), lines);
  $('advice').hidden = lines.length === 0;
  const left = all.length === 1 && !advised.length ? all[0].slips_left : null;
  // After a trouble nobody counted, "about 0" beside "fine" would be a riddle.
  if (left) { setText($('printer'), W.t('printer.left', { n: W.number(left) })); }
}

function band(view) {
  const node = $('down');
  let text = '';
  if (view.signedOut) { text = W.t('counter.signed-out'); } else if (!view.up && view.doc) {
    const time = W.now(view.doc.clock, view.skew, view.seen);
    text = time ? W.t('counter.down', { time }) : W.t('counter.down.plain');
  } else if (!view.up && view.late && !view.unknown) { text = W.t('counter.down.plain'); }
  node.hidden = text === '';
  if (text && view.signedOut) {
    if (!node.querySelector('a')) {
      const link = make('a', '', W.t('counter.sign-in'));
      link.href = '/login?next=/counter/' + view.number;
      node.replaceChildren(make('span', '', text + ' '), link);
    }
  } else { setText(node, text); }
}

function paragraphs(node, lines) {
  showList(node, lines.filter((line) => line.text).map((line, i) => Object.assign({ key: (line.cls || 'line') + i }, line)),
    () => make('p'), (line, item) => { line.className = item.cls || ''; setText(line, item.text); });
}

function notInHand(view) {
  const counter = view.doc.counter;
  const waiting = view.doc.waiting_total;
  if (counter.state !== 'closed' && !counter.mine) { return [W.t('taken.lead'), W.t('taken.hint')]; }
  if (counter.state === 'closed') { return [W.t('closed.lead'), W.t('closed.hint')]; }
  if (counter.state === 'paused') { return [W.t('paused.lead'), W.t('paused.hint')]; }
  return [W.t('hand.none'), waiting ? W.t('hand.none.waiting', { n: W.number(waiting) }) : W.t('hand.none.empty')];
}

/** What the ticket was taken for, and what was scanned since. */
function dossiers(doc, ticket) {
  const scanned = doc.scans.filter((scan) => scan.ticket === ticket.number && scan.dossier).map((scan) => scan.dossier);
  const taken = doc.counter.dossier;
  const others = new Set(scanned.filter((dossier) => dossier !== taken));
  const first = taken ? W.t('hand.dossiers.taken-for', { dossier: taken }) : scanned[0];
  if (!first) { return W.t('hand.dossiers') + ' ' + W.t('hand.dossiers.none'); }
  const more = others.size - (taken ? 0 : 1);
  return W.t('hand.dossiers') + ' ' + first + (more > 0 ? ' ' + W.t('hand.dossiers.more', { n: more }) : '');
}

function hand(view, { reprint, checklist }) {
  const node = $('hand');
  const doc = view.doc;
  if (!doc) {
    node.dataset.kind = 'none';
    const lead = view.unknown ? W.t('counter.unknown', { n: view.number }) : W.t('counter.loading');
    paragraphs(node, [{ cls: 'hand-lead', text: lead }]);
    return;
  }
  const ticket = doc.counter.mine ? doc.counter.ticket : null;
  const kind = ticket ? 'ticket' : 'none';
  if (node.dataset.kind !== kind) { node.replaceChildren(); node.dataset.kind = kind; }
  if (!ticket) {
    const [lead, hint] = notInHand(view);
    paragraphs(node, [{ cls: 'hand-lead', text: lead }, { cls: 'hand-hint', text: hint }]);
    return;
  }
  if (!node.firstElementChild) {
    const number = make('div', 'hand-number');
    number.append(make('strong'), make('span', 'priority'));
    const paper = make('div', 'paper');
    const again = make('button', 'link again');
    again.type = 'button';
    again.addEventListener('click', reprint);
    const list = make('button', 'link again');
    list.type = 'button';
    list.addEventListener('click', checklist);
    const facts = make('div', 'facts');
    paper.append(make('p'), again, list);
    facts.append(make('div', 'lines'), paper);
    node.append(number, facts);
  }
  const [number, facts] = node.children;
  const [paper, again, list] = facts.children[1].children;
  setText(number.children[0], ticket.number);
  number.children[1].hidden = ticket.class === 'normal';
  setText(number.children[1], W.t('priority'));
  const calls = ticket.state === 'called' && ticket.times_called > 1
    ? W.t('hand.called.again', { times: ticket.times_called }) : W.t('hand.' + ticket.state);
  paragraphs(facts.children[0], [
    { cls: 'hand-service', text: serviceName(doc, ticket.service) },
    { text: calls + ' · ' + W.t('hand.waited', { time: W.duration(ticket.waited_seconds) }) },
    { text: why(ticket) },
    { text: dossiers(doc, ticket) },
  ]);
  const cause = ticket.paper_cause && W.has('cause.' + ticket.paper_cause) ? W.t('cause.' + ticket.paper_cause) : '';
  setText(paper, W.t(cause ? 'hand.paper.why' : 'hand.paper', { paper: W.t('paper.' + ticket.paper), cause }));
  const failed = ticket.paper === 'unknown' || ticket.paper === 'failed';
  again.hidden = !failed;
  setText(again, W.t('act.reprint'));
  list.hidden = !prints(doc) || !doc.checklists.includes(ticket.service);
  setText(list, W.t('act.checklist'));
}

/** Whether this office prints at all. */
function prints(doc) { return Boolean(doc) && doc.printer !== 'none'; }

function acts(view) {
  const doc = view.doc;
  const counter = doc && doc.counter;
  const closed = Boolean(counter && counter.state === 'closed');
  const paused = Boolean(counter && counter.state === 'paused' && counter.mine);
  const ticket = counter && counter.mine && counter.ticket;
  const taken = Boolean(counter && !closed && !counter.mine);
  const busy = Boolean(view.running);
  // Looks idle, still answers a press: with the sentence that nothing was done.
  document.body.classList.toggle('offline', !view.up);
  $('acts').hidden = view.panelOpen || !doc;
  $('open').hidden = !(closed || paused);
  $('open').disabled = busy;
  setText($('open'), W.t(paused ? 'act.reopen' : 'act.open'));
  const open = Boolean(counter && counter.mine && counter.state === 'open');
  $('act-next').hidden = !open;
  $('row').hidden = !open && !ticket;
  setText($('act-next').lastElementChild, W.t(ticket ? 'act.next' : 'act.next.first'));
  for (const button of document.querySelectorAll('[data-act]')) {
    button.disabled = busy || !usable(button.dataset.act, doc);
  }
  $('pause').hidden = !open;
  $('test-page').hidden = !prints(doc);
  $('close').hidden = !counter || closed;
  setText($('close'), W.t(taken ? 'act.close.other' : 'act.close'));
  $('pause').disabled = $('close').disabled = busy;
}

function minutes(view, seconds) { return W.duration(seconds + (performance.now() - view.at) / 1000); }

function queues(view, { choose, resume, returnSlip }) {
  const doc = view.doc;
  if (!doc) { return; }
  const mayChoose = doc.counter.mine && doc.counter.state === 'open' && !view.running;
  setText($('queue-title'), W.t('queue.title', { n: W.number(doc.waiting_total) }));
  showList($('queue'), doc.waiting.map((one) => Object.assign({ key: one.id }, one)), (item) => {
    const row = make('li');
    const button = make('button', 'queue-row');
    button.type = 'button';
    const what = make('span', 'what');
    what.append(make('span'), make('span', 'urgent'));
    button.append(make('b'), what, make('span', 'long'), make('span', 'for-dossier'));
    button.addEventListener('click', () => choose(item.id));
    row.append(button);
    return row;
  }, (row, item) => {
    const button = row.firstElementChild;
    button.disabled = !mayChoose;
    button.title = W.t('queue.call', { number: item.number });
    setText(button.children[0], item.number);
    setText(button.children[1].children[0], serviceName(doc, item.service));
    setText(button.children[1].children[1], item.priority ? ' · ' + W.t('priority') : '');
    setText(button.children[3], item.dossier ? W.t('queue.dossier', { dossier: item.dossier }) : '');
    setText(button.children[2], minutes(view, item.waited_seconds));
  });
  const more = doc.waiting_total - doc.waiting.length;
  setText($('queue-more'), doc.waiting_total === 0 ? W.t('queue.none') : more > 0 ? W.t('queue.more', { n: W.number(more) }) : '');
  setText($('away-title'), W.t('away.title', { n: W.number(doc.away.length) }));
  setText($('away-more'), doc.away.length === 0 ? W.t('away.none') : '');
  showList($('away'), doc.away.map((one) => Object.assign({ key: one.id }, one)), (item) => {
    const row = make('li', 'away-row');
    const button = make('button', 'resume');
    button.type = 'button';
    button.addEventListener('click', () => resume(item.id));
    const what = make('div', 'what');
    const slip = make('button', 'link again');
    slip.type = 'button';
    slip.addEventListener('click', () => returnSlip(item.id));
    what.append(make('p'), slip);
    row.append(make('b'), what, button, make('p', 'for-dossier'));
    return row;
  }, (row, item) => {
    setText(row.children[0], item.number);
    const [why, slip] = row.children[1].children;
    setText(row.children[3], item.dossier ? W.t('queue.dossier', { dossier: item.dossier }) : '');
    setText(why, (item.reason || W.t('away.' + item.state)) + ' · ' + minutes(view, item.away_seconds));
    // Only a held number keeps its place, which is what the slip says.
    slip.hidden = item.state !== 'held' || !prints(doc);
    setText(slip, W.t('act.re-entry'));
    setText(row.children[2], W.t('act.resume'));
    row.children[2].disabled = Boolean(view.running);
  });
}

function undo(view) {
  const undone = view.doc && view.doc.undo;
  const left = undone ? Math.ceil(undone.seconds_left - (performance.now() - view.at) / 1000) : 0;
  $('undo').hidden = left <= 0;
  if (left <= 0) { return; }
  const what = ['undo.', 'did.'].map((kind) => kind + undone.what).find(W.has) || 'did.other';
  setText($('undo-what'), W.t(what, { number: undone.number }));
  setText($('undo-act'), W.t('act.undo', { n: left }));
  $('undo-act').disabled = Boolean(view.running);
}

function box(view) {
  const usual = view.doc ? view.doc.counter.purpose : 'receive';
  const purpose = view.purpose || usual;
  const node = $('purpose');
  if (!node.firstElementChild) { node.append(make('span'), make('b')); }
  setText(node.children[0], W.t('scan.mode') + ' ');
  setText(node.children[1], W.t('purpose.' + purpose));
  node.className = view.purpose && view.purpose !== usual ? 'purpose unusual' : 'purpose';
  $('frame').classList.toggle('asleep', !view.awake);
  $('box').placeholder = W.t(view.awake ? 'scan.place' : 'scan.asleep');
  $('said').className = 'said ' + view.said.tone;
  setText($('said'), view.said.text);
  $('offer').hidden = !view.offer;
  if (view.offer) { setText($('offer'), view.offer.text); }
  // The bar with the undo button says the same already.
  const said = view.done.tone === 'good' && !$('undo').hidden ? '' : view.done.text;
  $('done').className = 'done ' + view.done.tone;
  setText($('done'), said);
}

/** Draws everything; `hands` are the callbacks of buttons made here. */
export function draw(view, hands) {
  header(view);
  printers(view);
  band(view);
  undo(view);
  box(view);
  hand(view, hands);
  acts(view);
  queues(view, hands);
}
