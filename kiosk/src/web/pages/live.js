// The supervisor's live board. The server says what is the matter and what to do; this page only
// shows it, and counts the seconds between two changes.
import { showAlerts } from './alerts.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';

const W = window.Words;
const COUNT_MS = 5000; // Whole minutes are shown: none is wrong for long.
const $ = (id) => document.getElementById(id);
let board = null;
let received = 0;
let down = false;
let signedOut = false;

function since(seconds) {
  return seconds + Math.floor((Date.now() - received) / 1000);
}

function part(node, name, text) {
  setText(node.querySelector('.' + name), text);
}

function row(...names) {
  return () => {
    const item = make('li');
    for (const name of names) { item.append(make('span', name)); }
    return item;
  };
}

function fillService(node, service) {
  node.className = service.waiting ? '' : 'none';
  part(node, 'name', service.letter + ' ' + W.text(service.name));
  part(node, 'count', service.waiting ? W.t('live.people', { n: W.number(service.waiting) }) : W.t('live.nobody'));
  part(node, 'longest', service.waiting ? W.t('live.longest', { wait: W.duration(since(service.longest_seconds)) }) : '');
  part(node, 'open', W.t(service.open_counters ? 'live.open-counters' : 'live.no-counter', { n: service.open_counters }));
}

function doing(counter) {
  if (counter.ticket) { return W.t('live.' + counter.ticket.state, { number: counter.ticket.number }); }
  return W.t(counter.state === 'open' ? 'live.free' : 'live.' + counter.state);
}

function fillCounter(node, counter) {
  node.className = 'is-' + (counter.ticket ? 'busy' : counter.state);
  part(node, 'name', W.t('counter', { n: counter.number }));
  part(node, 'doing', doing(counter));
  const known = counter.for_seconds !== null && counter.state !== 'closed';
  part(node, 'for', known ? W.duration(since(counter.for_seconds)) : '');
  part(node, 'serves', counter.services.join(' '));
}

function draw() {
  const trouble = signedOut ? 'live.signed-out' : down ? 'live.down' : '';
  $('trouble').hidden = !trouble;
  setText($('trouble'), trouble ? W.t(trouble) : '');
  $('loading').hidden = board !== null || trouble !== '';
  $('board').hidden = !board;
  if (!board) { return; }
  document.body.classList.toggle('stale', down);
  setText($('office'), W.text(board.office));
  setText($('clock'), W.now(board.clock, stream.skew()) || W.t('time.unknown'));
  setText($('day'), W.t(board.day_open ? 'live.day-open' : 'live.day-closed'));
  $('calm').hidden = board.alerts.length > 0 || !board.day_open;
  const key = (kind, item) => Object.assign({ key: kind }, item);
  showAlerts($('alerts'), board.alerts);
  showList($('services'), board.services.map((s) => key(s.letter, s)), row('name', 'count', 'longest', 'open'), fillService);
  showList($('counters'), board.counters.map((c) => key(String(c.number), c)), row('name', 'doing', 'for', 'serves'), fillCounter);
  const pending = board.scans_pending ? W.t('live.pending', { n: W.number(board.scans_pending) }) : '';
  setText($('parts'), [W.t('printer.' + board.printer), W.t('intake.' + board.intake), pending].filter(Boolean).join(' · '));
}

// A browser does not say why a stream ended: a plain request does.
async function askWhy() {
  try {
    const answer = await fetch('/api/v1/live');
    signedOut = answer.status === 401 || answer.status === 403;
  } catch (away) {
    signedOut = false;
  }
  draw();
}

const stream = window.Stream.open('/api/v1/live/events', {
  live: (data) => { board = data; received = Date.now(); draw(); },
}, {
  up: () => { down = false; signedOut = false; draw(); },
  down: () => { down = true; draw(); askWhy(); },
});

setInterval(draw, COUNT_MS);
openFrame('live.title', draw);
