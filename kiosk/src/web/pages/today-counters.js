// Counters: what each does and who sits there; a supervisor frees one whose clerk has gone.

import { make, setText, showList } from './dom.js';
import { twice } from './twice.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);

export function openCounters({ model, act, since }) {
  function build() {
    const row = make('li', 'row');
    const free = twice(() => act('/counters/' + row.number + '/close', {}, W.t('today.freed', { n: row.number })));
    row.append(make('span', 'name'), make('span', 'count'), make('span', 'more'), free);
    return row;
  }

  function doing(counter) {
    if (counter.ticket) { return W.t('live.' + counter.ticket.state, { number: counter.ticket.number }); }
    return W.t(counter.state === 'open' ? 'live.free' : 'live.' + counter.state);
  }

  function fill(row, counter) {
    row.number = counter.number;
    const taken = counter.state !== 'closed';
    const part = (name, text) => setText(row.querySelector('.' + name), text);
    part('name', W.t('counter', { n: counter.number }) + ' · ' + counter.services.join(' '));
    part('count', doing(counter) + (taken && counter.for_seconds !== null ? ' · ' + W.duration(since(counter.for_seconds)) : ''));
    part('more', taken ? counter.clerk || W.t('me.device') : '');
    const free = row.querySelector('.twice');
    // Whoever pressed it stays where they were.
    if (!taken && free.contains(document.activeElement)) { $('counters-title').focus(); }
    free.hidden = !taken;
    const then = counter.ticket ? W.t('today.free.busy', { number: counter.ticket.number }) : W.t('today.free.then');
    free.words({ ask: W.t('today.free'), about: W.t('counter', { n: counter.number }), sure: W.t('today.free.sure', { n: counter.number }), then });
  }

  function draw() {
    const counters = model.board.counters.map((one) => Object.assign({ key: String(one.number) }, one));
    showList($('counters'), counters, build, fill);
  }
  return { draw };
}
