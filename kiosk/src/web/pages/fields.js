// Fields of the settings: an input that edits one value of the draft, and the problems at its place.
//
// A field carries the path of its value as the server names it (`services[2].name`): a problem is
// shown at the field of its path, or at the nearest one around it.

import { make, setText } from './dom.js';
import { parseDate, parseTime, showDate, showTime } from './times.js';

const W = window.Words;

/** Fields over a draft; `edited()` hears of each change, `english()` says whether texts have English. */
export function openFields({ edited, english }) {
  let problems = [];
  let ids = 0;

  function holder(path, className, ...children) {
    const node = make('div', className);
    node.dataset.field = path;
    const error = make('p', 'field-error');
    error.id = 'e' + (ids += 1);
    error.hidden = true;
    node.append(...children, error);
    return node;
  }

  function touched(node) {
    const place = node.closest('[data-field]');
    if (place && !node.dataset.wrong) { tell(place, ''); }
    edited();
  }

  /** A control with its name, without a place for problems of its own. */
  function labelled(name, control, hint) {
    const node = make('div', 'field');
    control.id = 'f' + (ids += 1);
    const label = make('label', '', name);
    label.htmlFor = control.id;
    node.append(label, control);
    if (hint) {
      const said = make('p', 'hint', hint);
      said.id = control.id + '-hint';
      control.setAttribute('aria-describedby', said.id);
      node.append(said);
    }
    return node;
  }

  function control(value, more, input) {
    const node = make(more.rows ? 'textarea' : 'input');
    if (more.rows) { node.rows = more.rows; } else { node.type = 'text'; }
    node.autocomplete = 'off';
    node.maxLength = more.max || 300;
    if (more.lang) { node.lang = more.lang; }
    if (more.mode) { node.inputMode = more.mode; }
    node.value = value;
    node.addEventListener('input', () => { input(node.value); touched(node); });
    return node;
  }

  /** A plain text, `owner[key]`; `more.set(value)`, if given, puts it there. */
  function text(path, name, owner, key, more = {}) {
    const set = more.set || ((value) => { owner[key] = value; });
    const node = control(owner[key] || '', more, set);
    return holder(path, more.long ? 'box long' : 'box', labelled(name, node, more.hint));
  }

  /** A whole number; empty leaves it out. */
  function number(path, name, owner, key, more = {}) {
    const shown = owner[key] === undefined || owner[key] === null ? '' : String(owner[key]);
    const node = control(shown, Object.assign({ mode: 'numeric', max: 6 }, more), (value) => {
      const typed = value.trim();
      const wrong = !/^\d*$/.test(typed) || typed === '' && !more.optional;
      judged(node, wrong ? W.t('set.number.wrong') : '');
      if (typed === '') { delete owner[key]; } else if (!wrong) { owner[key] = Number(typed); }
    });
    node.className = 'short';
    return holder(path, 'box', labelled(name, node, more.hint));
  }

  /** A time of day, `set(time)`; what cannot be read is said at once and holds up the rest. */
  function time(name, value, set) { return written(name, value, set, parseTime, showTime, 'set.time.wrong'); }

  /** A date with its weekday beside it, so that day and month are not mistaken. */
  function date(path, name, owner, key) {
    const weekday = make('p', 'hint', W.date(owner[key]));
    const node = written(name, owner[key], (read) => {
      if (read === null) { delete owner[key]; } else { owner[key] = read; }
      setText(weekday, W.date(owner[key]));
    }, parseDate, showDate, 'set.date.wrong');
    const box = labelled(name, node);
    box.append(weekday);
    return holder(path, 'box', box);
  }

  function written(name, value, set, parse, show, wrong) {
    const node = control(show(value), { max: 12 }, (typed) => {
      const read = parse(typed);
      if (read !== undefined) { set(read); judged(node, ''); }
    });
    node.setAttribute('aria-label', name);
    // Judged when it is left: half a time is no mistake yet.
    node.addEventListener('change', () => {
      const read = parse(node.value);
      judged(node, read === undefined ? W.t(wrong) : '');
      if (read) { node.value = show(read); }
    });
    return node;
  }

  /** What the page itself finds wrong with an input, before the server is asked. */
  function judged(node, trouble) {
    node.dataset.wrong = trouble;
    const place = node.closest('[data-field]');
    if (place) { tell(place, trouble, [node]); }
  }

  /** A text in both languages, `owner[key]`. */
  function pair(path, name, owner, key, more = {}) {
    const one = (language, label) => labelled(label, control((owner[key] || {})[language] || '', Object.assign({ lang: language }, more), (value) => {
      const texts = owner[key] || (owner[key] = {});
      if (value === '') { delete texts[language]; } else { texts[language] = value; }
    }), language === 'vi' ? more.hint : '');
    const both = english() || Boolean((owner[key] || {}).en);
    const fields = both
      ? [one('vi', name + ' · ' + W.t('set.vi')), one('en', name + ' · ' + W.t('set.en'))] : [one('vi', name)];
    return holder(path, 'pair', ...fields);
  }

  /** One of a few; `options` are `[value, text]`, an empty value leaves it out. */
  function choice(path, name, owner, key, options) {
    const node = make('select');
    node.append(...options.map(([value, label]) => {
      const option = make('option', '', label);
      option.value = value;
      return option;
    }));
    node.value = owner[key] === undefined ? '' : String(owner[key]);
    node.addEventListener('change', () => {
      if (node.value === '') { delete owner[key]; } else { owner[key] = node.value; }
      touched(node);
    });
    return holder(path, 'box', labelled(name, node));
  }

  /** A box to tick; `set(ticked)`. */
  function check(name, ticked, set) {
    const node = make('label', 'check');
    const box = make('input');
    box.type = 'checkbox';
    box.checked = ticked;
    box.addEventListener('change', () => { set(box.checked); touched(box); });
    node.append(box, make('span', '', name));
    return node;
  }

  // Of many inputs at one place nobody knows which is meant: only the sentence stands there.
  function controls(place) {
    const own = Array.from(place.querySelectorAll('input, select, textarea')).filter((node) => node.closest('[data-field]') === place);
    return own.length <= 2 ? own : [];
  }

  function tell(place, trouble, nodes = controls(place)) {
    const error = place.lastElementChild;
    error.hidden = !trouble;
    setText(error, trouble);
    for (const node of nodes) {
      if (trouble) { node.setAttribute('aria-invalid', 'true'); } else { node.removeAttribute('aria-invalid'); }
      const hint = document.getElementById(node.id + '-hint');
      const by = [hint ? hint.id : '', trouble ? error.id : ''].filter(Boolean).join(' ');
      if (by) { node.setAttribute('aria-describedby', by); } else { node.removeAttribute('aria-describedby'); }
    }
  }

  // The server's words are made to stand behind a name.
  function sentence(text) { return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.'); }

  /** A remark with the name of its field, for where the field is not in sight. */
  function described(remark) {
    const place = nearest(remark.field);
    if (!place) { return sentence(W.text(remark.text)); }
    const names = [place.closest('section').querySelector('h2').textContent];
    const entry = place.closest('.entries > .entry-item');
    if (entry) { names.push((entry.querySelector('summary') || { textContent: entry.dataset.name }).textContent); }
    const own = place.querySelector('[data-field]') ? null : place.querySelector('legend, label');
    if (own) { names.push(own.textContent); }
    return names.join(', ') + ': ' + W.text(remark.text);
  }

  function nearest(path) {
    const places = Array.from(document.querySelectorAll('[data-field]'));
    for (let at = path; at; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('[')))) {
      const place = places.find((node) => node.dataset.field === at);
      if (place) { return place; }
      if (Math.max(at.lastIndexOf('.'), at.lastIndexOf('[')) < 0) { return null; }
    }
    return null;
  }

  /** Puts the server's problems at their fields; those without a field come back. */
  function show(found) {
    problems = found;
    const texts = new Map();
    const homeless = [];
    for (const problem of problems) {
      const place = nearest(problem.field);
      if (!place) { homeless.push(problem); continue; }
      texts.set(place, [texts.get(place), sentence(W.text(problem.text))].filter(Boolean).join(' '));
    }
    for (const place of document.querySelectorAll('[data-field]')) { tell(place, texts.get(place) || ''); }
    return homeless;
  }

  /** The first input that the page cannot read, if any. */
  function unreadable() { return Array.from(document.querySelectorAll('[data-wrong]')).find((node) => node.dataset.wrong); }

  return { holder, labelled, text, number, time, date, pair, choice, check, show, nearest, described, unreadable, problems: () => problems, edited };
}
