// Phiếu: the lines of each slip, and beside them the slip as the printer would draw it.
//
// A line that is switched off is only left out: the built-in ones can always be switched on again.

import { same, clone } from './draft.js';
import { make, setText } from './dom.js';
import { button } from './entries.js';

const W = window.Words;
const KINDS = ['ticket', 'checklist', 're-entry', 'day-report', 'test-page'];
const DRAW_MS = 600; // After the last key: the picture is drawn by the office's machine.
const TYPES = ['text', 'mark', 'number', 'qr', 'rule', 'space', 'logo', 'ruler'];
const open = new WeakSet(); // Lines folded open; they stay so while they are moved.
const chosen = { kind: 'ticket', language: 'vi' };
let timer = null;

export const id = 'slips';
export const parts = ['slips'];

const typeOf = (line) => TYPES.find((type) => line[type] !== undefined);

/** The lines that are on, and at their places those built-in ones that are off. */
function withOff(lines, builtIn) {
  const rows = lines.map((line) => ({ line, on: true }));
  let place = 0;
  for (const line of builtIn) {
    const found = rows.findIndex((row) => same(row.line, line));
    if (found >= 0) { place = found + 1; continue; }
    rows.splice(place, 0, { line: clone(line), on: false });
    place += 1;
  }
  return rows;
}

/** What a line is, in words. */
function what(line) {
  const type = typeOf(line);
  const texts = line[type];
  const words = type === 'text' || type === 'mark' || type === 'qr' ? W.text(texts) : '';
  return W.t('set.line.' + type) + (words ? ': ' + words.replace(/\s+/g, ' ') : '');
}

export function render(root, { draft, fields, calls }) {
  const office = draft.office;
  const builtIn = draft.server.built_in[chosen.kind];
  const current = (office.slips && office.slips[chosen.kind]) || builtIn;
  const rows = withOff(clone(current), builtIn);
  const list = make('ol', 'lines');
  const picture = make('img', 'slip');
  const said = make('p', 'hint');
  const at = 'slips.' + chosen.kind;

  function changed() {
    const lines = rows.filter((row) => row.on).map((row) => row.line);
    office.slips = office.slips || {};
    if (same(lines, builtIn)) { delete office.slips[chosen.kind]; } else { office.slips[chosen.kind] = lines; }
    fields.edited();
    later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(drawPicture, DRAW_MS);
  }

  async function drawPicture() {
    if (!picture.isConnected) { return; }
    const answer = await calls.post('/office/preview', { office, slip: chosen.kind, language: chosen.language });
    if (!picture.isConnected) { return; }
    const drawn = Boolean(answer && answer.ok);
    picture.hidden = !drawn;
    if (drawn) {
      const { png, width } = answer.content;
      picture.src = 'data:image/png;base64,' + png;
      picture.width = width;
      picture.alt = W.t('set.slip.picture', { slip: W.t('set.slip.' + chosen.kind) });
      setText(said, '');
    } else {
      const found = answer && answer.content && answer.content.problems;
      const texts = found ? found.map((one) => W.text(one.text)).join(' ') : answer && answer.content && answer.content.detail;
      setText(said, texts || W.t('act.nothing-done'));
    }
  }

  function line(row, index) {
    const node = make('li', row.on ? 'line' : 'line off');
    const head = make('div', 'line-head');
    const tick = fields.check(what(row.line), row.on, (ticked) => { row.on = ticked; changed(); draw('tick' + index); });
    tick.firstElementChild.dataset.does = 'tick' + index;
    const move = (to, text, does) => {
      const one = button(text, () => { rows.splice(to, 0, ...rows.splice(index, 1)); changed(); draw(does + to); }, 'small');
      one.dataset.does = does + index;
      one.disabled = to < 0 || to >= rows.length;
      one.setAttribute('aria-label', text + ': ' + what(row.line));
      return one;
    };
    head.append(tick, move(index - 1, W.t('set.up'), 'up'), move(index + 1, W.t('set.down'), 'down'));
    node.append(head);
    if (row.on) {
      const path = at + '[' + rows.slice(0, index).filter((one) => one.on).length + ']';
      const inner = details(row.line, path, tick);
      const fold = make('details');
      fold.open = open.has(row.line);
      fold.addEventListener('toggle', () => { if (fold.open) { open.add(row.line); } else { open.delete(row.line); } });
      fold.append(make('summary', '', W.t('set.line.edit')), inner);
      fold.firstElementChild.setAttribute('aria-label', W.t('set.line.edit') + ': ' + what(row.line));
      node.append(fields.holder(path, 'box wide', ...(inner.childElementCount > 0 ? [fold] : [])));
    }
    return node;
  }

  function details(one, path, tick) {
    const type = typeOf(one);
    const node = make('div', 'grid');
    if (type === 'text' || type === 'mark' || type === 'qr') {
      node.append(fields.pair(path + '.' + type, W.t('set.line.words'), one, type, { rows: 2, max: 1000 }));
    }
    if (type === 'text') {
      node.append(
        fields.number(path + '.size', W.t('set.line.size'), one, 'size', { optional: true }),
        fields.choice(path + '.weight', W.t('set.line.weight'), one, 'weight', ['regular', 'semibold', 'bold'].map((w) => [w, W.t('set.line.' + w)])),
        fields.choice(path + '.align', W.t('set.line.align'), one, 'align', ['centre', 'left'].map((w) => [w, W.t('set.line.' + w)])),
      );
    }
    if (type === 'space' || type === 'logo') {
      node.append(fields.number(path + '.' + type, W.t('set.line.height'), one, type));
    }
    node.addEventListener('input', () => { setText(tick.lastElementChild, what(one)); changed(); });
    node.addEventListener('change', changed);
    return node;
  }

  function draw(focus) {
    list.replaceChildren(...rows.map(line));
    const wanted = focus && list.querySelector('[data-does="' + focus + '"]:not(:disabled)');
    if (wanted) { wanted.focus(); }
  }

  function chooser(name, key, options) {
    const box = make('fieldset', 'radios');
    box.append(make('legend', '', name));
    for (const [value, text] of options) {
      const label = make('label', 'check');
      const radio = make('input');
      Object.assign(radio, { type: 'radio', name: 'slip-' + key, value, checked: chosen[key] === value });
      radio.addEventListener('change', () => {
        chosen[key] = value;
        if (key === 'kind') {
          render(root, { draft, fields, calls });
          root.querySelector('[name="slip-kind"]:checked').focus();
        } else { drawPicture(); }
      });
      label.append(radio, make('span', '', text));
      box.append(label);
    }
    return box;
  }

  const add = (line) => () => {
    const fresh = clone(line);
    open.add(fresh);
    rows.push({ line: fresh, on: true });
    changed();
    draw('tick' + (rows.length - 1));
  };
  const adders = make('div', 'buttons');
  adders.append(
    button(W.t('set.line.add'), add({ text: {}, size: 28, weight: 'regular', align: 'centre' }), 'small'),
    button(W.t('set.line.add.rule'), add({ rule: true }), 'small'),
    button(W.t('set.line.add.space'), add({ space: 24 }), 'small'),
    button(W.t('set.line.built-in'), () => {
      if (office.slips) { delete office.slips[chosen.kind]; }
      fields.edited();
      render(root, { draft, fields, calls });
    }, 'small'),
  );
  const columns = make('div', 'slip-columns');
  const left = make('div');
  const right = make('div', 'slip-side');
  left.append(fields.holder(at, 'box wide', make('p', 'hint', W.t('set.slips.hint', { service: '{service}' }))), list, adders);
  right.append(chooser(W.t('set.slip.language'), 'language', [['vi', 'Tiếng Việt'], ['en', 'English']]), said, picture);
  columns.append(left, right);
  picture.hidden = true;
  draw();
  root.replaceChildren(chooser(W.t('set.slip.kind'), 'kind', KINDS.map((kind) => [kind, W.t('set.slip.' + kind)])), columns);
  drawPicture();
}
