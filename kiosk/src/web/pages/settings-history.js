// Lịch sử: who changed what and when, and the way back to any of it.

import { make } from './dom.js';
import { button } from './entries.js';
import { twice } from './twice.js';

const W = window.Words;

export const id = 'history';
export const parts = [];

function who(item) {
  if (!item.by) { return W.t('set.history.machine'); }
  return item.by.name || W.t('set.history.nobody', { id: item.by.id });
}

function when(item) { return item.at ? W.time(item.at) + ', ' + W.date(item.at) : W.t('time.unknown'); }

function entry(item, newest, restore) {
  const node = make('li', 'history-item');
  const changes = make('ul', 'plain-list');
  changes.append(...item.changes.map((change) => make('li', '', W.text(change))));
  node.append(make('p', 'history-head', when(item) + ' · ' + who(item) + ' · ' + W.t('set.history.' + item.what)), changes);
  if (item.restorable && !newest) {
    const back = twice(() => restore(item.version));
    back.words({ ask: W.t('set.history.restore'), about: when(item), sure: W.t('set.history.restore.sure'), then: W.t('set.history.restore.then', { when: when(item) }) });
    node.append(back);
  }
  return node;
}

export function render(root, { calls, restore }) {
  const list = make('ol', 'history');
  const more = button(W.t('set.history.more'), () => read(more.dataset.before));
  const said = make('p', 'hint', W.t('counter.loading'));
  more.hidden = true;

  async function read(before) {
    const answer = await calls.get('/office/history' + (before ? '?before=' + before : ''));
    if (!answer || !answer.ok) { said.textContent = W.t('act.nothing-done'); return; }
    const { items, next } = answer.content;
    const first = list.childElementCount === 0;
    list.append(...items.map((item, nth) => entry(item, first && nth === 0, restore)));
    said.textContent = list.childElementCount === 0 ? W.t('set.history.none') : '';
    more.hidden = next === null;
    more.dataset.before = next;
  }

  root.replaceChildren(make('p', 'hint', W.t('set.history.hint')), list, said, more);
  read();
}
