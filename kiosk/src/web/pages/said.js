// The line in which a page answers a person.

import { setText } from './dom.js';

const SAID_MS = 8000; // Long enough to look up and read.

/** `say(tone, text)` into `node`: what went well fades, what went wrong stays until the next word. */
export function openSaid(node) {
  let silence = null;
  return function say(tone, text) {
    clearTimeout(silence);
    if (tone === 'good') { silence = setTimeout(() => say('', ''), SAID_MS); }
    node.className = 'said ' + tone;
    setText(node, text);
  };
}
