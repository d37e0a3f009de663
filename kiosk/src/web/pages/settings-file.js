// Xuất/Nhập: the office as a file, for keeping and for another machine.

import { make, setText } from './dom.js';
import { button } from './entries.js';

const W = window.Words;
const FILE_CHARS_MAX = 200_000; // More than any office needs, less than the server takes.

export const id = 'file';
export const parts = [];

export function render(root, { draft, calls, adopt }) {
  const said = make('p', 'hint');
  const notes = make('ul', 'plain-list');
  said.setAttribute('role', 'status');

  async function save() {
    const answer = await calls.get('/office/export');
    if (!answer || !answer.ok) { setText(said, W.t('act.nothing-done')); return; }
    const link = make('a');
    link.href = URL.createObjectURL(new Blob([answer.content.toml], { type: 'application/toml' }));
    link.download = 'kiosk-' + (draft.office.code || 'office') + '.toml';
    document.body.append(link);
    link.click();
    link.remove();
    URL.revokeObjectURL(link.href);
  }

  async function load(toml) {
    notes.replaceChildren();
    if (toml.length > FILE_CHARS_MAX) { setText(said, W.t('set.file.long')); return; }
    const answer = await calls.post('/office/import', { toml });
    if (!answer || !answer.ok) { setText(said, (answer && answer.content && answer.content.detail) || W.t('act.nothing-done')); return; }
    const { office, problems, warnings, notes: told } = answer.content;
    const line = (one) => (one.line ? W.t('set.file.line', { n: one.line }) + ' ' : '') + W.text(one.text || one);
    notes.replaceChildren(...problems.concat(told, warnings).map((one) => make('li', '', line(one))));
    setText(said, W.t(office ? 'set.file.taken' : 'set.file.unreadable'));
    if (office) { adopt(office, problems); }
  }

  // The browser's own button would speak the machine's language.
  const file = make('input', 'unseen');
  file.type = 'file';
  file.tabIndex = -1;
  file.setAttribute('aria-label', W.t('set.file.choose'));
  file.accept = '.toml,text/plain';
  file.addEventListener('change', async () => {
    const chosen = file.files[0];
    if (chosen) { await load(await chosen.text()); }
    file.value = '';
  });
  const out = make('div', 'card box');
  out.append(make('h3', '', W.t('set.file.export')), make('p', 'hint', W.t('set.file.export.hint')), button(W.t('set.file.save'), save, 'small'));
  const into = make('div', 'card box');
  into.append(make('h3', '', W.t('set.file.import')), make('p', 'hint', W.t('set.file.import.hint')),
    button(W.t('set.file.choose') + '…', () => file.click(), 'small'), file, said, notes);
  root.replaceChildren(out, into);
}
