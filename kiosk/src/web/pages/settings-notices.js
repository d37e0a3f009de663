// Thông báo: what the screens tell citizens while nothing else is to be said.

import { make } from './dom.js';
import { drawEntries } from './entries.js';

const W = window.Words;

export const id = 'notices';
export const parts = ['notices'];

export function render(root, { draft, fields }) {
  const notices = draft.office.notices;
  const list = make('div', 'entries');
  drawEntries({
    root: list,
    list: notices,
    entry: (notice, index) => [fields.pair('notices[' + index + ']', W.t('set.notice', { n: index + 1 }), notices, index, { rows: 2 })],
    name: (notice) => W.text(notice),
    add: [W.t('set.notice.add'), () => ({})],
    movable: true,
    changed: fields.edited,
  });
  root.replaceChildren(fields.holder('notices', 'box wide', make('p', 'hint', W.t('set.notices.hint'))), list);
}
