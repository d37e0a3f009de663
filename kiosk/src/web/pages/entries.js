// Lists of the settings whose entries are added, removed and moved, also by keyboard alone.

import { make } from './dom.js';

const W = window.Words;

export function button(text, act, className) {
  const node = make('button', className || '', text);
  node.type = 'button';
  node.addEventListener('click', act);
  return node;
}

/**
 * Draws `list` into `root`: `entry(item, index)` makes the fields of one, `name(item)` names it to a
 * listener. `add` is `[text, make()]`, for at most `most` entries. `changed()` hears that entries came,
 * went or moved, `removed(item)`, if given, which one went.
 */
export function drawEntries(drawn) {
  const { root, list, entry, name, add, movable, changed } = drawn;

  function redraw(focus) {
    changed();
    drawEntries(drawn);
    const wanted = Array.from(root.querySelectorAll('button')).find((node) => node.dataset.does === focus && !node.disabled);
    const next = wanted || root.querySelector('.entry-item:last-of-type button') || root.querySelector('.add');
    if (next) { next.focus(); }
  }

  function move(from, to, does) {
    list.splice(to, 0, ...list.splice(from, 1));
    redraw(does + to);
  }

  function acts(item, index) {
    const one = (text, does, act, possible) => {
      const node = button(text, act, 'small');
      node.dataset.does = does + index;
      node.disabled = !possible;
      node.setAttribute('aria-label', text + ': ' + name(item));
      return node;
    };
    const row = make('div', 'entry-acts');
    if (movable) {
      row.append(one(W.t('set.up'), 'up', () => move(index, index - 1, 'up'), index > 0),
        one(W.t('set.down'), 'down', () => move(index, index + 1, 'down'), index < list.length - 1));
    }
    row.append(one(W.t('set.remove'), 'remove', () => {
      list.splice(index, 1);
      if (drawn.removed) { drawn.removed(item); }
      redraw('remove' + Math.min(index, list.length - 1));
    }, true));
    return row;
  }

  const items = list.map((item, index) => {
    const node = make('div', 'entry-item');
    node.dataset.name = name(item);
    node.append(...entry(item, index), acts(item, index));
    return node;
  });
  root.replaceChildren(...items);
  if (list.length < (drawn.most || Infinity)) {
    const [text, fresh] = add;
    root.append(button(text, () => {
      list.push(fresh());
      changed();
      drawEntries(drawn);
      const last = root.querySelectorAll('.entry-item');
      const field = last[last.length - 1].querySelector('input, select, textarea');
      if (field) { field.focus(); }
    }, 'add'));
  }
}
