// The settings of the office: a draft in this page, looked at before it is applied, and a way back.
//
// Promises:
// - nothing changes before "Áp dụng", and what is applied is what the preview said;
// - a draft is never lost: not over a reload, and not when somebody else was faster.

import { openCalls, refusal } from './calls.js';
import { make, setText } from './dom.js';
import { openDraft } from './draft.js';
import { button } from './entries.js';
import { openFields } from './fields.js';
import { openFrame } from './frame.js';
import { openReview } from './review.js';
import { openSaid } from './said.js';
import * as classes from './settings-classes.js';
import * as counters from './settings-counters.js';
import * as file from './settings-file.js';
import * as history from './settings-history.js';
import * as hours from './settings-hours.js';
import * as notices from './settings-notices.js';
import * as office from './settings-office.js';
import * as services from './settings-services.js';
import * as slips from './settings-slips.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const SECTIONS = [office, services, counters, classes, hours, notices, slips, history, file];
const calls = openCalls('/admin/settings');
const say = openSaid($('said'));
let applied = null;
let current = null;

const draft = openDraft(() => { applied = null; drawBar(); });
const fields = openFields({
  edited: draft.edited,
  english: () => draft.office.languages.includes('en'),
});
const review = openReview({ apply, go, described: fields.described });
const context = { draft, fields, calls, redraw: drawAll, adopt, restore };

const shown = () => SECTIONS.find((one) => '#' + one.id === window.location.hash) || SECTIONS[0];
const partName = (key) => W.t('set.' + (SECTIONS.find((one) => one.parts.includes(key)) || office).id);

function drawSection(section) {
  const root = $('section-' + section.id);
  section.render(root.querySelector('.section-body'), context);
}

function drawAll() {
  if (!draft.office) { return; }
  // History asks the server, and slips have their picture drawn: only when somebody looks.
  for (const section of SECTIONS) {
    if (section === shown() || section.parts.length > 0 && section !== slips) { drawSection(section); }
  }
  fields.show(fields.problems());
  drawBar();
}

function showSection(focus) {
  current = shown();
  for (const section of SECTIONS) {
    $('section-' + section.id).hidden = section !== current;
    const link = $('to-' + section.id);
    if (section === current) { link.setAttribute('aria-current', 'true'); } else { link.removeAttribute('aria-current'); }
  }
  const root = $('section-' + current.id);
  // What cannot be read yet stands only in its field.
  if (draft.office && !Array.from(root.querySelectorAll('[data-wrong]')).some((node) => node.dataset.wrong)) {
    drawSection(current);
    fields.show(fields.problems());
    drawBar();
  }
  if (focus) { root.querySelector('h2').focus(); }
}

function build() {
  for (const section of SECTIONS) {
    const link = make('a');
    link.id = 'to-' + section.id;
    link.href = '#' + section.id;
    link.append(make('span'), make('b', 'count'));
    const item = make('li');
    item.append(link);
    $('sections').append(item);
    const root = make('section');
    root.id = 'section-' + section.id;
    root.hidden = true;
    const head = make('h2');
    head.tabIndex = -1;
    root.append(head, make('div', 'section-body'));
    $('bodies').append(root);
  }
}

function names() {
  for (const section of SECTIONS) {
    setText($('to-' + section.id).firstElementChild, W.t('set.' + section.id));
    setText($('section-' + section.id).querySelector('h2'), W.t('set.' + section.id));
  }
}

/** A note above everything, with the acts that it offers. */
function note(id, text, ...acts) {
  const node = $(id);
  if (!text && node.contains(document.activeElement)) { $('section-' + shown().id).querySelector('h2').focus(); }
  node.hidden = !text;
  if (node.dataset.text === text + W.language()) { return; }
  node.dataset.text = text + W.language();
  const row = make('div', 'buttons');
  row.append(...acts);
  node.replaceChildren(make('p', '', text), row);
}

function drawBar() {
  if (!draft.office) { return; }
  const { planned, sample, version } = draft.server;
  const dirty = draft.dirty();
  $('bodies').hidden = false;
  note('sample', sample && !dirty ? W.t('set.sample') : '');
  note('newer', draft.outdated() ? W.t('set.newer') : '',
    button(W.t('set.newer.merge'), merge), button(W.t('set.newer.drop'), () => { draft.reset(); drawAll(); }));
  const waits = planned ? W.t('set.planned', { changes: planned.changes.map((one) => W.text(one)).join('; ') }) : '';
  note('planned', waits, button(W.t('set.planned.withdraw'), withdraw), button(W.t('set.planned.edit'), () => adopt(draft.server.planned.office, [])));
  const undo = applied && applied.version === version && !dirty;
  note('applied', undo ? applied.text : '', button(W.t('act.undo.plain'), undoLast));
  setText($('state'), W.t(dirty ? 'set.dirty' : 'set.clean'));
  for (const id of ['preview', 'apply', 'drop']) { $(id).disabled = !dirty; }
  for (const section of SECTIONS) {
    const wrong = $('section-' + section.id).querySelectorAll('.field-error:not([hidden])').length;
    const count = $('to-' + section.id).lastElementChild;
    setText(count, wrong ? W.t('set.wrong', { n: wrong }) : '');
  }
}

/** Reads the office anew; a draft goes on. */
async function read() {
  const answer = await calls.get('/office');
  if (!answer || !answer.ok) { say('bad', answer ? refusal(answer) : W.t('act.nothing-done')); return; }
  draft.take(answer.content);
  $('loading').hidden = true;
  drawAll();
}

/** Leads to the field of a problem. */
function go(problem) {
  const place = fields.nearest(problem.field);
  const section = place && SECTIONS.find((one) => $('section-' + one.id).contains(place));
  if (!section) { return; }
  window.location.hash = section.id;
  showSection(false);
  // The section was drawn anew: its places are others.
  const now = fields.nearest(problem.field);
  for (let node = now; node; node = node.parentElement) { if (node.tagName === 'DETAILS') { node.open = true; } }
  const control = now.querySelector('input, select, textarea, button, summary');
  if (control) { control.focus(); }
  now.scrollIntoView({ block: 'center' });
}

/** Whether every field can be read; else the first that cannot gets the focus. */
function readable() {
  const wrong = fields.unreadable();
  if (!wrong) { return true; }
  say('bad', wrong.dataset.wrong);
  window.location.hash = wrong.closest('section[id]').id.replace('section-', '');
  showSection(false);
  wrong.focus();
  return false;
}

function problemsOf(answer) {
  const found = (answer && answer.content && answer.content.problems) || [];
  fields.show(found);
  drawBar();
  return found;
}

async function preview() {
  if (!readable()) { return; }
  const answer = await calls.post('/office/check', { office: draft.office });
  if (!answer || !answer.ok) { say('bad', refusal(answer)); problemsOf(answer); return; }
  problemsOf(answer);
  review.show(answer.content);
}

/** What became of a change: said, and read anew; `undo` is what it would take to have it back. */
async function settled(answer, keepsDraft) {
  if (answer && answer.ok) {
    const { version, applies, waits } = answer.content;
    if (!keepsDraft) { draft.reset(); }
    await read();
    const why = waits.map((one) => W.text(one)).join(' ');
    const text = W.t('set.applied.' + applies, { why });
    say('good', text);
    if (applies !== 'unchanged') { applied = { version, applies, text }; }
    drawAll();
    return;
  }
  if (answer && answer.content && answer.content.code === 'office-changed') { await read(); say('bad', W.t('set.newer')); $('newer').focus(); return; }
  const found = problemsOf(answer);
  say('bad', found.length > 0 ? answer.content.detail : refusal(answer));
  if (found.length > 0) { go(found[0]); }
}

async function apply() {
  if (!readable()) { return; }
  const answer = await calls.post('/office', { base: draft.base, office: draft.office });
  await settled(answer, !(answer && answer.ok));
}

async function restore(version) {
  await settled(await calls.post('/office/restore', { base: draft.server.version, version }), draft.dirty());
}

async function withdraw() {
  await settled(await calls.post('/office/withdraw', { base: draft.server.version }), draft.dirty());
}

/** Takes the last change back: the plan that it made, or the office before it. */
async function undoLast() {
  if (applied.applies === 'next-day') { await withdraw(); return; }
  const answer = await calls.get('/office/history');
  const before = answer && answer.ok && answer.content.items.find((one) => one.version < applied.version && one.restorable);
  if (before) { await restore(before.version); } else { say('bad', W.t('act.nothing-done')); }
}

function merge() {
  const both = draft.merge();
  drawAll();
  const parts = Array.from(new Set(both.map(partName))).join(', ');
  say(both.length > 0 ? 'bad' : 'good', W.t(both.length > 0 ? 'set.merged.both' : 'set.merged', { parts }));
}

/** A whole office becomes the draft. */
function adopt(whole, problems) {
  draft.replace(whole);
  drawAll();
  problemsOf({ content: { problems } });
  say('good', W.t('set.adopted'));
}

$('preview').addEventListener('click', preview);
$('apply').addEventListener('click', apply);
$('drop').addEventListener('click', () => { draft.reset(); fields.show([]); drawAll(); say('good', W.t('set.dropped')); });
window.addEventListener('hashchange', () => { if (shown() !== current) { showSection(true); } });
build();
openFrame('set.title', () => { names(); drawAll(); });
showSection(false);
await read();
showSection(false);
