// The list of counters to work at, asked again every few seconds.
import { askMe, leads, nameOf } from './me.js';
import { guardSignOut } from './outbox.js';

const W = window.Words;
const ASK_MS = 3000; // Whoever waits for a colleague to close a counter sees it at once.
const ASK_TIMEOUT_MS = 5000;
let state = null;
let trouble = '';
let drawn = '';

function words(counter) {
  if (counter.state === 'open' && counter.ticket) { return W.t('counters.serving', { number: counter.ticket }); }
  return W.t('counters.' + counter.state);
}

function row(number, counter) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = '/counter/' + number;
  link.className = 'counter-' + counter.state;
  const parts = [
    ['counter-name', W.t('counter', { n: number })],
    ['counter-services', counter.services.map((letter) => W.text((state.services[letter] || {}).name) || letter).join(', ')],
    ['counter-state', words(counter)],
  ];
  for (const [name, text] of parts) {
    const part = document.createElement('span');
    part.className = name;
    part.textContent = text;
    link.append(part);
  }
  item.append(link);
  return item;
}

function draw() {
  const note = document.getElementById('trouble');
  note.hidden = !trouble;
  note.textContent = trouble ? W.t(trouble) : '';
  if (!state) { return; }
  // Rebuilt only on a change, so that a row never moves under the pointer without a reason.
  const wanted = JSON.stringify([state.counters, state.services, W.language()]);
  if (wanted === drawn) { return; }
  drawn = wanted;
  const numbers = Object.keys(state.counters).sort((a, b) => a - b);
  document.getElementById('counters').replaceChildren(...numbers.map((n) => row(n, state.counters[n])));
}

async function ask() {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), ASK_TIMEOUT_MS);
  try {
    const answer = await fetch('/api/v1/queue', { signal: giveUp.signal });
    if (!answer.ok) { throw new Error('not now'); }
    state = await answer.json();
    trouble = Object.keys(state.counters).length === 0 ? 'counters.none' : '';
  } catch (away) {
    trouble = 'counters.away';
  }
  clearTimeout(timer);
  draw();
  setTimeout(ask, ASK_MS);
}

function fill() {
  W.fill();
  document.title = W.t('counters.title');
  draw();
}
document.getElementById('language').addEventListener('click', () => { W.toggle(); fill(); });
guardSignOut(document.getElementById('sign-out'), (text) => {
  const note = document.getElementById('trouble');
  note.hidden = false;
  note.textContent = text;
});
fill();
askMe().then((me) => {
  document.getElementById('who').textContent = nameOf(me);
  document.getElementById('manage').hidden = !leads(me);
});
ask();
