// The supervisor's day: open and close it, pause a service, free a counter, print the report.
//
// The server's board is the truth; each change of it is drawn whole. What a press means is said by
// the part that the button stands in.

import { openCalls, refusal } from './calls.js';
import { openFrame } from './frame.js';
import { openSaid } from './said.js';
import { setText } from './dom.js';
import { openCounters } from './today-counters.js';
import { openDay } from './today-day.js';
import { openDaysOff } from './today-off.js';
import { openRoll } from './today-roll.js';
import { openServices } from './today-services.js';

const W = window.Words;
const CLOCK_MS = 5000; // Whole minutes are shown.
const $ = (id) => document.getElementById(id);
const say = openSaid($('said'));
// Sessions end with their day: who closed it first reads what the closing did.
const calls = openCalls('/admin/today', () => { if (!ended) { window.location.assign('/login?next=/admin/today'); } });
const model = { board: null, day: null, queue: null, received: 0 };
let down = false;
let ended = null;
let reading = false;
let again = false;

/** Does one act and says what came of it; the answer's content, or null. `trouble` hears a refusal. */
async function act(path, body, done, trouble) {
  const answer = await calls.post(path, body);
  if (answer && answer.ok) {
    say('good', typeof done === 'function' ? done(answer.content) : done);
    await read();
    return answer.content || {};
  }
  (trouble || ((text) => say('bad', text)))(refusal(answer));
  return null;
}

/** What the board does not say: numbers given out, and whether more are. */
async function read() {
  if (reading) { again = true; return; }
  reading = true;
  do {
    again = false;
    const [day, queue] = await Promise.all([calls.get('/day'), calls.get('/queue')]);
    if (day && day.ok) { model.day = day.content; }
    if (queue && queue.ok) { model.queue = queue.content; }
    draw();
  } while (again);
  reading = false;
}

/** The day is closed, `text` says how, and nobody is signed in any more. */
function end(text) {
  ended = text;
  draw();
  $('ended').querySelector('a').focus();
}

const context = { model, calls, act, say, end, since: (seconds) => seconds + Math.floor((Date.now() - model.received) / 1000) };
const parts = [openDay(context), openServices(context), openCounters(context), openDaysOff(context), openRoll(context)];

function draw() {
  $('trouble').hidden = !down || ended !== null;
  setText($('trouble'), down ? W.t('live.down') : '');
  $('loading').hidden = model.board !== null || down;
  $('board').hidden = !model.board || ended !== null;
  $('ended').hidden = ended === null;
  setText($('ended-what'), ended || '');
  if (!model.board || ended !== null) { return; }
  setText($('when'), W.now(model.board.clock, stream.skew()) || W.t('time.unknown'));
  for (const part of parts) { part.draw(); }
}

const stream = window.Stream.open('/api/v1/live/events', {
  live(board) {
    model.board = board;
    model.received = Date.now();
    draw();
    read();
  },
}, {
  up() { down = false; draw(); },
  down() { down = true; draw(); calls.get('/live'); },
});
setInterval(draw, CLOCK_MS);
openFrame('today.title', draw);
