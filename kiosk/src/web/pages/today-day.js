// The service day: opened, closed after one question, reported on paper.

import { refusal } from './calls.js';
import { make, setText } from './dom.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const PAPER_MS = 1000; // Between two looks at a slip that is being printed.
const PAPER_LOOKS = 30; // A printer that has said nothing for so long needs somebody.

export function openDay({ model, calls, act, say, end }) {
  function draw() {
    const open = model.board.day_open;
    const date = model.day && model.day.date;
    setText($('day-state'), W.t(open ? 'today.is-open' : 'today.is-closed') + (date ? ' · ' + W.date(date) : ''));
    $('day-open').hidden = open;
    $('day-close').hidden = !open;
    $('day-report').hidden = !model.day || model.board.printer === 'none';
  }

  /** What a closing does, in sentences: to those at a counter, to those who wait, to the kiosk. */
  function consequences(day) {
    const lines = [];
    if (day.in_hand.length > 0) {
      const numbers = day.in_hand.map((one) => W.t('closing.at', { number: one.number, n: one.counter })).join(', ');
      lines.push(W.t('closing.in-hand', { numbers }));
    }
    const left = day.waiting + day.held + day.parked;
    if (left > 0) {
      lines.push(W.t('closing.left', { n: W.number(left), waiting: day.waiting, held: day.held, parked: day.parked }));
      const days = Array.from(new Set(day.services.filter((one) => one.waiting > 0).map((one) => one.returns_on)));
      const on = days.length === 1 && days[0] ? W.date(days[0]) : W.t('closing.next-day');
      lines.push(W.t('closing.return', { on }));
    } else { lines.push(W.t('closing.nobody')); }
    lines.push(W.t('closing.then'));
    return lines;
  }

  async function ask() {
    const answer = await calls.get('/day');
    if (!answer || !answer.ok) { say('bad', W.t('act.nothing-done')); return; }
    $('closing-what').replaceChildren(...consequences(answer.content).map((line) => make('li', '', line)));
    $('closing-trouble').hidden = true;
    $('closing').showModal();
  }

  async function close() {
    const answer = await calls.post('/day/close', {});
    if (!answer || !answer.ok) {
      $('closing-trouble').hidden = false;
      setText($('closing-trouble'), refusal(answer));
      return;
    }
    const { finished, deferred, slips } = answer.content;
    $('closing').close();
    end(W.t('closing.done', { finished: W.number(finished), deferred: W.number(deferred), slips: W.number(slips) }));
  }

  async function report() {
    const slip = await act('/slips', { kind: 'day-report', language: W.language() }, W.t('today.report.printing'));
    for (let look = 0; slip && look < PAPER_LOOKS; look += 1) {
      await new Promise((resume) => setTimeout(resume, PAPER_MS));
      const answer = await calls.get('/slips/' + slip.id);
      if (!answer || !answer.ok) { return; }
      const { paper, paper_cause: cause } = answer.content;
      if (paper === 'pending') { continue; }
      const why = cause && W.has('cause.' + cause) ? W.t('cause.' + cause) : '';
      const text = W.t(why ? 'today.report.why' : 'today.report.paper', { paper: W.t('paper.' + paper), cause: why });
      say(paper === 'printed' || paper === 'sent' ? 'good' : 'bad', text);
      return;
    }
  }

  $('day-open').addEventListener('click', () => act('/day/open', {}, W.t('today.opened')));
  $('day-close').addEventListener('click', ask);
  $('day-report').addEventListener('click', report);
  $('closing-yes').addEventListener('click', close);
  $('closing-no').addEventListener('click', () => $('closing').close());
  return { draw };
}
