// What every page with the bar does: its words, its language switch, its sign-out.

import './bar.js';
import { setText } from './dom.js';
import { guardSignOut } from './outbox.js';
import './time-ask.js';

const W = window.Words;
const MADE_BY_THE_SERVER = ['/admin/figures', '/admin/outages', '/register'].map((page) => `a[href^="${page}"]`).join(', ');
const $ = (id) => document.getElementById(id);

/**
 * Fills the page's words now and at each change of language, then calls `draw`. `title` is the key of
 * the window's title; null: the server has written it.
 */
export function openFrame(title, draw) {
  function fill() {
    W.fill();
    if (title) { document.title = W.t(title); }
    // Pages that the server makes must be told the language; what else the address asks for stays.
    for (const link of document.querySelectorAll(MADE_BY_THE_SERVER)) {
      const address = new URL(link.href);
      address.searchParams.set('lang', W.language());
      link.href = address;
    }
    draw();
  }
  $('language').addEventListener('click', () => { W.toggle(); fill(); });
  guardSignOut($('sign-out'), (text) => {
    $('bar-said').hidden = false;
    setText($('bar-said'), text);
  });
  fill();
}
