// The quiet bar on staff pages while nobody knows what time it is: one touch, and it is known.
//
// What it proposes is this browser's clock, or the machine's own where that is later: a clock
// without a battery only ever falls behind.
import { confirmTime, proposed, readTime, sentence } from './time-word.js';
import { make, setText } from './dom.js';

const W = window.Words;
const ASK_MS = 15000; // Somebody else may have confirmed it, or the network has.
const SAID_MS = 8000; // Long enough to look up and read.

const bar = make('section', 'time-ask');
const text = make('p', 'time-said');
const yes = make('button', 'main');
const other = make('a', 'link');
yes.type = 'button';
yes.id = 'time-right';
other.href = '/time';
text.setAttribute('role', 'status');
bar.append(text, yes, other);
bar.hidden = true;
const head = document.querySelector('header.bar');
if (head) { head.after(bar); } else { document.body.prepend(bar); }

let time = null;
let trouble = '';
let sure = false;
let done = '';

function draw() {
  // The page of date and time has it all.
  const elsewhere = window.location.pathname !== '/time';
  bar.hidden = !done && !(elsewhere && time && !time.known);
  if (bar.hidden) { return; }
  bar.setAttribute('aria-label', W.t('time.title'));
  yes.hidden = other.hidden = Boolean(done);
  setText(text, done || trouble || W.t('time.question', { time: sentence(proposed(time)) }));
  setText(yes, W.t(sure ? 'time.right.sure' : 'time.right'));
  setText(other, W.t('time.change'));
}

async function look() {
  const answer = await readTime();
  if (answer) { time = answer; }
  draw();
}

yes.addEventListener('click', async () => {
  yes.disabled = true;
  const answer = await confirmTime(proposed(time), sure);
  yes.disabled = false;
  if (answer.ok) {
    time = answer.time;
    trouble = '';
    sure = false;
    done = W.t('time.done');
    setTimeout(() => { done = ''; draw(); }, SAID_MS);
  } else {
    trouble = answer.detail;
    sure = answer.again;
  }
  draw();
});

look();
setInterval(look, ASK_MS);
setInterval(draw, 1000);
