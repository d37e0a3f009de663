// A citizen card at the page on which staff take a number for somebody: one person has one number.
//
// What is scanned stands in its box until Enter and nowhere else: not in the address, not in this
// browser. What stays until the next citizen is a word that the server made of it, good for today.

import { setText } from './dom.js';
import { newKey } from './outbox.js';

const W = window.Words;
const TIMEOUT_MS = 8000;
// Number, old number, name, date of birth: all that is read. Typed by hand it is the number alone.
const CARD = /^(\d{12})(?:\|[^|]*\|[^|]*\|(\d{2})(\d{2})(\d{4})(?:\||$))?/;

/** `changed()` hears that something is to be drawn anew. */
export function openCard({ input, note, changed }) {
  const card = { person: '', suggested: '', forget, draw };
  let said = { key: '', values: {} };

  function say(key, values = {}) { said = { key, values }; changed(); }

  function draw() {
    note.hidden = !said.key;
    setText(note, said.key ? W.t(said.key, said.values) : '');
  }

  function forget() {
    Object.assign(card, { person: '', suggested: '' });
    input.value = '';
    say('');
  }

  async function read() {
    const [, number, day, month, year] = CARD.exec(input.value.trim()) || [];
    input.value = '';
    if (!number) { say('help.card.unknown'); return; }
    const body = { number };
    if (year) { body.birth = year + '-' + month + '-' + day; }
    const answer = await ask(body);
    if (!answer || !answer.person) { Object.assign(card, { person: '', suggested: '' }); say(answer ? 'help.card.unknown' : 'help.card.away'); return; }
    Object.assign(card, { person: answer.person, suggested: answer.suggested_class || '' });
    const held = answer.held.map((one) => one.number).join(', ');
    say(held ? 'help.card.holds' : card.suggested ? 'help.card.aged' : 'help.card.read', { held });
  }

  async function ask(body) {
    try {
      const response = await fetch('/api/v1/cards', {
        method: 'POST',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey(), 'Accept-Language': W.language() },
        body: JSON.stringify(body),
      });
      if (response.status === 401) { window.location.assign('/login?next=/help'); }
      return response.status < 500 ? await response.json() : null;
    } catch (lost) {
      return null;
    }
  }

  // A scanner ends with Enter or Tab; a hand may leave the box.
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') { return; }
    event.preventDefault();
    if (input.value) { read(); }
  });
  input.addEventListener('change', () => { if (input.value) { read(); } });
  return card;
}
