// Numbers that staff handed out from a paper roll while the machine could not (số từ cuộn giấy).

import { make, setText } from './dom.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);

export function openRoll({ model, act }) {
  let shown = '';

  function trouble(text) {
    $('roll-trouble').hidden = !text;
    setText($('roll-trouble'), text);
  }

  /** The services to choose from; rebuilt only when they are others. */
  function draw() {
    const services = model.board.services.map((one) => [one.letter, one.letter + ' · ' + W.text(one.name)]);
    const wanted = JSON.stringify(services);
    if (wanted === shown) { return; }
    shown = wanted;
    const chosen = $('roll-service').value;
    $('roll-service').replaceChildren(...services.map(([letter, text]) => {
      const option = make('option', '', text);
      option.value = letter;
      return option;
    }));
    if (chosen) { $('roll-service').value = chosen; }
  }

  /** `A101` and `101` are the same number here: the service is chosen beside it. */
  function number(id) {
    const text = $(id).value.trim().replace(/^\p{L}/u, '');
    if (text === '') { return null; }
    return /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  }

  $('roll').addEventListener('submit', async (event) => {
    event.preventDefault();
    trouble('');
    const body = { from: number('roll-from'), to: number('roll-to') };
    const served = number('roll-served');
    if (served !== null) { body.served = served; }
    if ([body.from, body.to, served].some(Number.isNaN)) { trouble(W.t('roll.digits')); return; }
    if ($('roll-reason').value.trim()) { body.reason = $('roll-reason').value.trim(); }
    const path = '/services/' + $('roll-service').value + '/roll';
    const done = await act(path, body, (entered) => W.t('roll.done', {
      from: entered.from, to: entered.to, served: W.number(entered.served), waiting: W.number(entered.waiting), next: entered.next,
    }), trouble);
    if (done) { for (const id of ['roll-from', 'roll-to', 'roll-served']) { $(id).value = ''; } }
  });
  return { draw };
}
