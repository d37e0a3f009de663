// Staff take a number for somebody who cannot: one touch on a tile, one number.
//
// Promises:
// - what is asked for stands in this browser, with its key, before it is sent, and until its number
//   has been put away: a second tap, a lost answer and a reload are the same number;
// - the number stays until it is put away, whatever the paper does, and the page says what that does;
// - what was chosen for one citizen (class, language, reason) does not stay for the next.

import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { openCard } from './help-card.js';
import { openOrder } from './order.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const ASK_MS = 3000; // People waiting, as the touch screen shows them.
const PAPER_MS = 1000;
const ASK_TIMEOUT_MS = 5000;
const BOUNCE_MS = 800; // A hurried second tap must not put the number away.
const SURE_MS = 5000; // How long the second touch of a cancellation is waited for.

let state = null;
let away = false;
let changing = false; // The tiles stand there for another service of the same citizen.
let shownAt = -Infinity;
let paperAsked = false;
let cancelUntil = 0;
let said = { tone: '', text: '' };

const order = openOrder({ changed: draw, shown });
const card = openCard({ input: $('card'), note: $('card-said'), changed: cardChanged });

// The class that the age on the card suggests is chosen; staff may choose another.
function cardChanged() {
  order.code = '';
  const suggested = card && card.suggested && document.querySelector(`input[name="class"][value="${CSS.escape(card.suggested)}"]`);
  if (suggested) { suggested.checked = true; }
  draw();
}

function shown() {
  shownAt = performance.now();
  changing = false;
  cancelUntil = 0;
  said = { tone: '', text: '' };
  draw();
  $('next').focus();
}

function open() { return Boolean(state && state.day.open); }

// Staff may also give out numbers when the touch screen does not; not when none are left.
function may(service) { return open() && service.issuing.reason !== 'full'; }

function waiting(service) {
  if (service.waiting === 0) { return W.t('live.nobody'); }
  const range = service.kept_until ? W.t('lobby.kept', { time: W.time(service.kept_until) }) : W.range(service.wait_seconds);
  return W.t('live.people', { n: W.number(service.waiting) }) + (range ? ' · ' + range : '');
}

function notNow(service) {
  const { open: issuing, reason } = service.issuing;
  if (!open() || issuing) { return ''; }
  return W.t('help.not-now.' + reason);
}

function tile() {
  const item = make('li');
  const button = make('button');
  button.type = 'button';
  for (const name of ['letter', 'name', 'words', 'wait', 'late']) { button.append(make('span', name)); }
  button.addEventListener('click', () => press(item.letter));
  item.append(button);
  return item;
}

function fillTile(item, { letter, service }) {
  item.letter = letter;
  item.className = order.asking && order.asking.body.service === letter ? 'sent' : '';
  const button = item.firstChild;
  // Never disabled for a moment only: the focus would be lost.
  button.disabled = !may(service);
  const part = (name, text) => setText(button.querySelector('.' + name), text);
  part('letter', letter);
  part('name', W.text(service.name));
  part('words', W.text(service.words));
  part('wait', waiting(service));
  part('late', notNow(service));
}

function press(letter) {
  if (order.asking || !state) { return; }
  const service = state.services[letter];
  if (!service || !may(service)) { return; }
  const outside = notNow(service);
  if (changing) {
    if (order.ticket.service === letter) { changing = false; draw(); return; }
    order.change(letter, outside);
    return;
  }
  const body = { service: letter, class: chosen('class') || 'normal', language: chosen('language') };
  const reason = $('reason').value.trim();
  if (reason && body.class !== 'normal') { body.reason = reason; }
  if (card.person) { body.person = card.person; }
  const more = $('over-reason').value.trim();
  if (more && overLimit()) { body.override_reason = more; }
  if ($('printer').value) { body.printer = $('printer').value; }
  order.take(body, outside);
}

// Staff were told that this citizen has a number of the service already.
function overLimit() { return Boolean(card.person) && order.code === 'too-many-tickets'; }

function chosen(name) {
  const input = document.querySelector(`input[name="${name}"]:checked`);
  return input ? input.value : '';
}

function languages() {
  const codes = state.office.languages;
  if ($('languages').dataset.codes === codes.join()) { return; }
  $('languages').dataset.codes = codes.join();
  const labels = codes.map((code, index) => {
    const label = make('label');
    const input = make('input');
    Object.assign(input, { type: 'radio', name: 'language', value: code, checked: index === 0 });
    label.append(input, make('span', '', W.t('language.' + code)));
    return label;
  });
  $('languages').append(...labels);
  $('languages').hidden = codes.length < 2;
}

// Which printer is a matter of where this browser stands: it is remembered here.
function printers() {
  const names = Object.keys(state.printers);
  $('printers').hidden = names.length < 2;
  const wanted = names.length < 2 ? [] : names;
  const texts = wanted.map((name) => W.text(state.printers[name].place) || name);
  const drawn = JSON.stringify([wanted, texts]);
  if ($('printer').dataset.drawn === drawn) { return; }
  $('printer').dataset.drawn = drawn;
  $('printer').replaceChildren(...wanted.map((name, index) => {
    const option = make('option', '', texts[index]);
    option.value = name;
    return option;
  }));
  const kept = order.remembered('printer');
  if (wanted.includes(kept)) { $('printer').value = kept; }
}

function drawChoice() {
  setText($('question'), W.t(changing ? 'help.question.change' : 'help.question', { number: order.ticket ? order.ticket.number : '' }));
  document.querySelector('.choices').hidden = changing;
  $('back').hidden = !changing;
  $('over').hidden = !overLimit();
  card.draw();
  $('why').hidden = chosen('class') === 'normal' || chosen('class') === '';
  for (const name of document.querySelectorAll('#classes [data-vi]')) { setText(name, W.language() === 'en' && name.dataset.en || name.dataset.vi); }
  if (!state) { return; }
  languages();
  printers();
  const note = order.trouble || (open() ? (state.printer === 'none' ? W.t('help.no-paper') : '') : W.t('help.day-closed'));
  $('note').hidden = !note;
  setText($('note'), note);
  const letters = Object.keys(state.services).sort((a, b) => state.services[a].position - state.services[b].position);
  showList($('tiles'), letters.map((letter) => ({ key: letter, letter, service: state.services[letter] })), tile, fillTile);
}

function paper(ticket) {
  const words = W.t('help.paper.' + ticket.paper, { number: ticket.number });
  const cause = ticket.paper_cause && W.has('cause.' + ticket.paper_cause) ? W.t('cause.' + ticket.paper_cause) : '';
  const place = ticket.printer && state && state.printers[ticket.printer];
  const where = place ? ' ' + W.t('help.paper.where', { printer: W.text(place.place) || ticket.printer }) : '';
  return (cause ? W.t('help.paper.why', { paper: words, cause }) : words) + where;
}

function ahead(ticket) {
  if (ticket.state !== 'waiting') { return W.t('help.state', { state: W.t('state.' + ticket.state) }); }
  if (ticket.ahead === 0 && ticket.wait_seconds) { return W.t('help.next-up'); }
  if (ticket.kept_until) { return W.t('help.ahead', { n: W.number(ticket.ahead) }) + ' · ' + W.t('lobby.kept', { time: W.time(ticket.kept_until) }); }
  const range = W.range(ticket.wait_seconds);
  if (ticket.ahead === 0) { return W.t('help.none-ahead'); }
  return W.t('help.ahead', { n: W.number(ticket.ahead) }) + (range ? ' · ' + W.t('help.about', { range }) : '');
}

function drawTicket(ticket) {
  const service = state && state.services[ticket.service];
  const over = ticket.state === 'cancelled' || ticket.state === 'void';
  setText($('service'), ticket.service + ' · ' + (service ? W.text(service.name) : ''));
  setText($('number'), ticket.number);
  $('class').hidden = ticket.class === 'normal';
  setText($('ahead'), ahead(ticket));
  $('outside').hidden = !order.outside;
  setText($('outside'), order.outside ? W.t('help.outside', { why: order.outside }) : '');
  $('paper').hidden = over;
  const tone = { printed: 'good', sent: 'good', failed: 'bad', unknown: 'bad' }[ticket.paper] || '';
  $('paper').className = 'paper ' + tone;
  setText($('paper'), paper(ticket));
  const told = order.trouble ? { tone: 'bad', text: order.trouble } : said;
  $('said').className = 'said ' + told.tone;
  setText($('said'), told.text);
  $('reprint').hidden = over || ticket.paper === 'none' || ticket.paper === 'pending';
  const waits = ticket.state === 'waiting' && ticket.times_called === 0;
  $('change').hidden = $('cancel').hidden = !waits;
  setText($('cancel'), W.t(performance.now() < cancelUntil ? 'help.cancel.sure' : 'help.cancel'));
}

function draw() {
  const ticket = order.ticket;
  const tiles = !ticket || changing;
  $('choice').hidden = !tiles;
  $('ticket').hidden = tiles;
  $('trouble').hidden = !away;
  setText($('trouble'), away ? W.t('help.away') : '');
  if (tiles) { drawChoice(); } else { drawTicket(ticket); }
}

async function read(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) }).catch(() => null);
  if (answer && answer.status === 401) { window.location.assign('/login?next=/help'); }
  return answer && answer.ok ? answer.json() : null;
}

async function ask() {
  const answer = await read('/api/v1/queue');
  away = answer === null;
  if (answer) { state = answer; }
  draw();
}

async function askPaper() {
  const ticket = order.ticket;
  if (!ticket || paperAsked) { return; }
  paperAsked = true;
  const answer = await read('/api/v1/tickets/' + encodeURIComponent(ticket.id));
  paperAsked = false;
  if (answer && order.ticket && order.ticket.id === answer.id) { order.ticket = answer; }
  draw();
}

// What was chosen for one citizen is nobody else's.
function forNext() {
  for (const name of ['class', 'language']) {
    const first = document.querySelector(`input[name="${name}"]`);
    if (first) { first.checked = true; }
  }
  $('reason').value = '';
  $('over-reason').value = '';
  card.forget();
}

$('choice').addEventListener('submit', (event) => event.preventDefault());
$('choice').addEventListener('change', draw);
$('printer').addEventListener('change', () => order.remember('printer', $('printer').value));
$('back').addEventListener('click', () => { changing = false; draw(); });
$('next').addEventListener('click', () => {
  if (performance.now() - shownAt < BOUNCE_MS) { return; }
  order.putAway();
  forNext();
  draw();
  const first = document.querySelector('#tiles button:not(:disabled)');
  if (first) { first.focus(); }
});
$('change').addEventListener('click', () => { changing = true; draw(); });
$('reprint').addEventListener('click', async () => {
  if (await order.act('reprint')) { said = { tone: 'good', text: W.t('did.reprint', { number: order.ticket.number }) }; draw(); }
});
$('cancel').addEventListener('click', async () => {
  if (performance.now() >= cancelUntil) { cancelUntil = performance.now() + SURE_MS; draw(); return; }
  cancelUntil = 0;
  if (await order.act('cancel')) { said = { tone: 'good', text: W.t('help.cancelled', { number: order.ticket.number }) }; draw(); }
});

openFrame('nav.help', draw);
setInterval(ask, ASK_MS);
setInterval(askPaper, PAPER_MS);
await ask();
order.resume();
