// One number that staff ask for, from the touch on a tile until it is put away.
//
// It is stored in this browser before it is sent, and asked for again under its key until there is an
// answer: the server gives one number for it, however often it is sent.

import { newKey } from './outbox.js';

const W = window.Words;
const STORED = 'help.order';
const TIMEOUT_MS = 8000;
const RETRY_MS = 1500;
const FRESH_MS = 10 * 60000; // Whom an older one was for has left.
// Answers of a gateway or a crash: the number may or may not have been given out.
const OUTCOME_OPEN = new Set([500, 502, 504]);

function stored() {
  try { return JSON.parse(localStorage.getItem(STORED)); } catch (garbled) { return null; }
}

/** `changed()` hears that something is to be drawn anew, `shown()` that a number has come. */
export function openOrder({ changed, shown }) {
  const order = { asking: null, ticket: null, outside: '', trouble: '', code: '', take, change, act, putAway, resume, remember, remembered };
  let acting = null;
  let last = null; // What the number that is shown was asked for with.

  function keep(asking) {
    try {
      if (asking) { localStorage.setItem(STORED, JSON.stringify(asking)); } else { localStorage.removeItem(STORED); }
    } catch (full) { /* Not safe from a reload, but a number is a number. */ }
  }

  function take(body, outside) { send({ key: newKey(), path: '/api/v1/tickets', body, outside, at: Date.now() }); }

  /** The number becomes void and another takes its place. */
  function change(service, outside) {
    const path = '/api/v1/tickets/' + encodeURIComponent(order.ticket.id) + '/change';
    send({ key: newKey(), path, body: { service }, outside, at: Date.now() });
  }

  async function send(asking) {
    order.asking = asking;
    order.trouble = '';
    order.code = '';
    keep(asking);
    changed();
    let answer = await once(asking);
    while (answer === null) {
      order.trouble = W.t('act.retry');
      changed();
      await new Promise((later) => setTimeout(later, RETRY_MS));
      answer = await once(asking);
    }
    order.asking = null;
    if (answer.ok) {
      order.trouble = '';
      order.ticket = answer.content;
      order.outside = asking.outside;
      last = asking;
      shown();
    } else {
      // Refused is not given out: a number shown before stays.
      keep(last);
      order.trouble = (answer.content && answer.content.detail) || W.t('act.refused');
      order.code = (answer.content && answer.content.code) || '';
      changed();
    }
  }

  async function once({ key, path, body }) {
    try {
      const response = await fetch(path, {
        method: 'POST',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'Accept-Language': W.language() },
        body: JSON.stringify(body),
      });
      if (OUTCOME_OPEN.has(response.status)) { return null; }
      if (response.status === 401) { window.location.assign('/login?next=/help'); }
      return { ok: response.ok, content: await response.json() };
    } catch (lost) {
      return null;
    }
  }

  /** Reprints or cancels the number that is shown; whether that was done. */
  async function act(name) {
    const path = '/api/v1/tickets/' + encodeURIComponent(order.ticket.id) + '/' + name;
    // The same press after a lost answer is the same act.
    if (!acting || acting.path !== path) { acting = { key: newKey(), path, body: {} }; }
    const answer = await once(acting);
    if (answer) { acting = null; }
    if (answer && answer.ok) { order.ticket = answer.content; }
    order.trouble = answer ? (answer.ok ? '' : answer.content.detail) : W.t('act.uncertain.plain');
    changed();
    return Boolean(answer && answer.ok);
  }

  function putAway() {
    last = null;
    keep(null);
    Object.assign(order, { ticket: null, outside: '', trouble: '', code: '' });
  }

  /** After a reload: the number that was asked for or shown. */
  function resume() {
    const asking = stored();
    if (!asking) { return; }
    if (Date.now() - asking.at < FRESH_MS) { send(asking); } else { keep(null); }
  }

  function remember(name, value) {
    try { localStorage.setItem('help.' + name, value); } catch (refused) { /* This page only. */ }
  }

  function remembered(name) {
    try { return localStorage.getItem('help.' + name); } catch (refused) { return null; }
  }

  return order;
}
