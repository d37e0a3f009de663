// What every page with the bar does: its words, its language switch, its sign-out.

import { setText } from './dom.js';
import { guardSignOut } from './outbox.js';
import './time-ask.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);

/**
 * Fills the page's words now and at each change of language, then calls `draw`. `title` is the key of
 * the window's title; null: the server has written it.
 */
export function openFrame(title, draw) {
  function fill() {
    W.fill();
    if (title) { document.title = W.t(title); }
    // The page of figures is made by the server, which must be told the language.
    for (const link of document.querySelectorAll('a[href^="/admin/figures"]')) {
      link.href = '/admin/figures?lang=' + W.language();
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
