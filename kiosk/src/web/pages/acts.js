// Acts of the clerk: one press, one command, one plain answer.
//
// Promises:
// - each press has one idempotency key; a lost answer is asked for again under the same key;
// - while one act runs no other starts, and a second press right after the answer is a bounce;
// - without a live connection nothing is sent, and the page says that nothing was done.

import { newKey } from './outbox.js';

const W = window.Words;
const TIMEOUT_MS = 8000;
const TRIES = 3; // About half a minute at worst; then the clerk decides.
const PAUSE_MS = 1000;
const BOUNCE_MS = 800; // A hurried double press must not finish the citizen just called.
// Answers of a gateway or a crash: the command may or may not have been done.
const OUTCOME_OPEN = new Set([500, 502, 504]);

/**
 * `model` has `doc` and `up`; `patch(act, answer)` puts an answer on the page before the stream does;
 * `say(tone, text)` speaks to the clerk; `changed()` redraws; `signedOut()` hears a 401.
 */
export function openActs({ counter, model, patch, say, changed, signedOut }) {
  const own = '/api/v1/counters/' + counter + '/';
  const acts = { running: null, perform, onCounter, onTicket, onScan, onSlip };
  let unanswered = null;
  let last = { press: null, at: -Infinity };

  function inHand() {
    const doc = model.doc;
    return doc && doc.counter.ticket ? doc.counter.ticket : null;
  }

  // What the press meant. The same press on the same state asks again; on another state it is a new one.
  function meaning(path, body) {
    const doc = model.doc;
    const hand = inHand();
    return JSON.stringify([path, body, hand && hand.id, hand && hand.state, doc && doc.counter.state]);
  }

  function onCounter(name, body) { return perform(name, own + name, body || {}, inHand()); }

  function onTicket(name, ticket, body) {
    return perform(name, '/api/v1/tickets/' + encodeURIComponent(ticket.id) + '/' + name, body || {}, ticket);
  }

  function onScan(name, id, body) { return perform(name, '/api/v1/scans/' + encodeURIComponent(id) + '/' + name, body, null); }

  // A slip beside the ticket's own; `ticket` is whom it is for, if anybody.
  function onSlip(kind, body, ticket) {
    return perform(kind, '/api/v1/slips', Object.assign({ kind }, body), ticket);
  }

  async function perform(name, path, body, ticket) {
    if (acts.running) { return false; }
    const press = name + ' ' + path;
    if (last.press === press && performance.now() - last.at < BOUNCE_MS) { return false; }
    if (!model.up) { say('bad', W.t('act.nothing-done')); return false; }
    const meant = meaning(path, body);
    const key = unanswered && unanswered.meant === meant ? unanswered.key : newKey();
    unanswered = { meant, key };
    acts.running = name;
    changed();
    const answer = await ask(path, body, key);
    acts.running = null;
    last = { press, at: performance.now() };
    if (answer !== null) { unanswered = null; }
    tell(name, ticket, answer);
    changed();
    return answer !== null && answer.ok;
  }

  async function ask(path, body, key) {
    for (let tried = 1; tried <= TRIES; tried += 1) {
      const answer = await once(path, body, key);
      if (answer !== null) { return answer; }
      if (tried < TRIES) {
        say('', W.t('act.retry'));
        await new Promise((resume) => setTimeout(resume, PAUSE_MS * tried));
      }
    }
    return null;
  }

  async function once(path, body, key) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(path, {
        method: 'POST',
        signal: giveUp.signal,
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'Accept-Language': W.language() },
        body: JSON.stringify(body),
      });
      if (OUTCOME_OPEN.has(response.status)) { return null; }
      const content = response.status === 204 ? null : await response.json();
      return { ok: response.ok, status: response.status, content };
    } catch (lost) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  function tell(name, ticket, answer) {
    if (answer === null) {
      say('bad', W.t('act.uncertain', { act: W.t(name === 'undo' ? 'act.undo.plain' : 'act.' + name) }));
    } else if (answer.status === 401) {
      signedOut();
      say('bad', W.t('counter.signed-out'));
    } else if (!answer.ok) {
      say('bad', (answer.content && answer.content.detail) || W.t('act.refused'));
    } else {
      patch(name, answer.content);
      say('good', sentence(name, ticket, answer));
    }
  }

  function sentence(name, ticket, answer) {
    if (answer.status === 204) {
      return ticket && name === 'next'
        ? W.t('did.nobody.finished', { number: ticket.number }) : W.t('did.nobody');
    }
    const number = (answer.content && answer.content.number) || (ticket && ticket.number) || '';
    if (name === 'next' && !ticket) { return W.t('did.call', { number }); }
    // A slip of an earlier day became a number of today.
    if (name === 'resume' && answer.status === 201) { return W.t('did.return', { number }); }
    return W.t('did.' + name, { number });
  }

  return acts;
}
