// A button that asks once: the first touch asks, the second does it. The second is at another place,
// so a double tap is one touch; and so is a key held down.

import { make, setText } from './dom.js';

const W = window.Words;
const PATIENCE_MS = 15000; // A question nobody answers goes away.

/**
 * A button and its question. `act` is done at the second touch; `say({ask, sure, then})` sets the words:
 * of the button, of the one that does it, and what it does.
 */
export function twice(act) {
  const node = make('div', 'twice');
  const ask = make('button');
  const question = make('div', 'question');
  const then = make('p');
  const sure = make('button', 'sure');
  const cancel = make('button');
  let timer = null;
  for (const button of [ask, sure, cancel]) { button.type = 'button'; }
  question.hidden = true;
  question.append(then, sure, cancel);
  node.append(ask, question);

  function show(open) {
    clearTimeout(timer);
    if (open) { timer = setTimeout(() => show(false), PATIENCE_MS); }
    const here = node.contains(document.activeElement);
    question.hidden = !open;
    ask.hidden = open;
    if (here || open) { (open ? sure : ask).focus(); }
  }

  ask.addEventListener('click', () => show(true));
  cancel.addEventListener('click', () => show(false));
  sure.addEventListener('click', () => {
    show(false);
    act();
  });
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { show(false); }
    if (event.repeat && (event.key === 'Enter' || event.key === ' ')) { event.preventDefault(); }
  });

  node.words = (words) => {
    setText(ask, words.ask);
    ask.setAttribute('aria-label', words.ask + ': ' + words.about);
    setText(sure, words.sure);
    setText(then, words.then);
    setText(cancel, W.t('act.cancel'));
  };
  return node;
}
