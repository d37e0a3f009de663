// The start page of staff: what needs attention now, and how the machine fares, in plain words.
import { showAlerts } from './alerts.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';

const W = window.Words;
const CLOCK_MS = 5000; // Whole minutes are shown.
const $ = (id) => document.getElementById(id);
let board = null;
let health = null;
let down = false;

/** One line for each part of the machine: what it is and how it fares. */
function parts() {
  const items = [
    { key: 'day', text: W.t(board.day_open ? 'live.day-open' : 'live.day-closed'), how: board.day_open ? '' : 'quiet' },
    { key: 'printer', text: W.t('printer.' + board.printer), how: tone(board.printer) },
    { key: 'intake', text: W.t('intake.' + board.intake), how: tone(board.intake) },
  ];
  if (health) {
    const stored = health.journal === 'ready';
    items.push({ key: 'journal', text: W.t(stored ? 'admin.journal' : 'admin.journal.trouble'), how: stored ? '' : 'alarm' });
    items.push({ key: 'clock', text: W.t(health.clock_known ? 'admin.clock' : 'admin.clock.unknown'), how: health.clock_known ? '' : 'alarm' });
  }
  if (board.scans_pending) { items.push({ key: 'scans', text: W.t('live.pending', { n: W.number(board.scans_pending) }), how: 'quiet' }); }
  return items;
}

function tone(part) {
  if (part === 'none') { return 'quiet'; }
  return part === 'ready' ? '' : 'alarm';
}

function draw() {
  $('trouble').hidden = !down;
  setText($('trouble'), down ? W.t('live.down') : '');
  if (!board) { return; }
  setText($('office'), W.text(board.office));
  setText($('when'), W.now(board.clock, stream.skew()) || W.t('time.unknown'));
  // A red line below is a matter for attention as well.
  $('calm').hidden = board.alerts.length > 0 || parts().some((part) => part.how === 'alarm');
  showAlerts($('alerts'), board.alerts);
  showList($('parts'), parts(), () => make('li'), (node, item) => {
    node.className = item.how;
    setText(node, item.text);
  });
}

async function askOffice() {
  const answer = await fetch('/api/v1/office').catch(() => null);
  $('sample').hidden = !(answer && answer.ok && (await answer.json()).sample);
}

async function askHealth() {
  const answer = await fetch('/healthz').catch(() => null);
  if (answer && answer.ok) { health = await answer.json(); }
  draw();
}

// A browser does not say why a stream ended: a plain request does.
async function askWhy() {
  const answer = await fetch('/api/v1/live').catch(() => null);
  if (answer && answer.status === 401) { window.location.assign('/login?next=/admin'); }
}

const stream = window.Stream.open('/api/v1/live/events', {
  live: (data) => { board = data; draw(); askHealth(); },
}, {
  up: () => { down = false; draw(); },
  down: () => { down = true; draw(); askWhy(); },
});
setInterval(draw, CLOCK_MS);
openFrame('nav.home', draw);
askOffice();
