// Calls of a page to the server: one press, one key, one plain answer.
//
// A press has one idempotency key; after a lost answer the same press asks again under the same
// key, so nothing is done twice.

import { newKey } from './outbox.js';

const W = window.Words;

/** Calls for the page at `page`; who is signed in no more goes to sign in and comes back, unless `signedOut` does better. */
export function openCalls(page, signedOut = () => window.location.assign('/login?next=' + page)) {
  let unanswered = null;

  async function answered(response) {
    if (response.status === 401) { signedOut(); }
    const content = response.status === 204 ? null : await response.json();
    return { ok: response.ok, status: response.status, content };
  }

  /** Does `path` with `body`; null when no answer came. */
  async function post(path, body) {
    const meant = JSON.stringify([path, body]);
    if (!unanswered || unanswered.meant !== meant) { unanswered = { meant, key: newKey() }; }
    try {
      const answer = await answered(await fetch('/api/v1' + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': unanswered.key, 'Accept-Language': W.language() },
        body: JSON.stringify(body),
      }));
      unanswered = null;
      return answer;
    } catch (lost) {
      return null;
    }
  }

  /** What stands at `path`; null when no answer came. */
  async function get(path) {
    try {
      return await answered(await fetch('/api/v1' + path, { headers: { 'Accept-Language': W.language() } }));
    } catch (lost) {
      return null;
    }
  }

  return { post, get };
}

/** What to tell a person of an answer that is no success, with all that is wrong by name. */
export function refusal(answer) {
  if (!answer) { return W.t('act.uncertain.plain'); }
  const { detail, problems = [] } = answer.content || {};
  return [detail || W.t('act.refused')].concat(problems.map((one) => '· ' + W.text(one.text))).join(' ');
}
