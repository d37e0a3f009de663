// Scans on their way from this browser to the server.
//
// Promises:
// - a scan is stored in this browser before it is sent, under a key made when Enter came;
// - scans go out in order, one after the other, each until the server has said yes or no: an
//   unreachable or failing server, an expired sign-in and a reload only delay them;
// - a retry carries the same key, so the server takes it once.
//
// Deliberately not here: what a code means. The server decides and gives its reason.

const PREFIX = 'scan.';
const TIMEOUT_MS = 15000; // Longer than any answer of a working server on a slow card.
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 5000; // The clerk watches: soon after the server is back all must be through.
// Refusals that say nothing about the code: the same request may be taken later.
const NOT_YET = new Set(['unauthorized', 'forbidden', 'not-found', 'method-not-allowed']);

/** A new idempotency key. `crypto.randomUUID` does not exist on a page served over plain HTTP. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function storedNames() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).sort();
  } catch (refused) {
    return [];
  }
}

/** A scan not yet sent belongs to whoever is signed in now: signing out waits for it. */
export function guardSignOut(form, say) {
  form.addEventListener('submit', (event) => {
    const n = storedNames().length;
    if (n === 0) { return; }
    event.preventDefault();
    say(window.Words.t('scan.leave', { n }));
  });
}

function load() {
  const found = [];
  for (const name of storedNames()) {
    try {
      const scan = JSON.parse(localStorage.getItem(name));
      if (scan && scan.key && scan.code) { found.push({ name, stored: true, body: scan.body, key: scan.key, code: scan.code }); }
    } catch (garbled) { /* Not ours, or cut off: nothing was promised for it. */ }
  }
  return found;
}

/**
 * `told(scan, answer)` hears each answer: `{taken: Scan}` or `{refused: problem}`.
 * `changed()` hears that the number of waiting scans or the state of the line has changed.
 */
export function openOutbox({ told, changed }) {
  const waiting = load();
  let last = waiting.length ? Number(waiting[waiting.length - 1].name.slice(PREFIX.length).split('.')[0]) : 0;
  let running = false;
  let wake = null;
  const box = { take, kick, waiting, signedOut: false, stuck: false, why: '' };

  // One entry of the storage per scan: ten thousand waiting ones cost no more per scan than one.
  function store(scan) {
    try {
      localStorage.setItem(scan.name, JSON.stringify({ key: scan.key, code: scan.code, body: scan.body }));
      scan.stored = true;
    } catch (full) {
      scan.stored = false;
    }
  }

  function forget(scan) {
    waiting.shift();
    try { localStorage.removeItem(scan.name); } catch (refused) { /* It was never stored. */ }
  }

  function take(code, context) {
    last += 1;
    const key = newKey();
    const name = PREFIX + String(last).padStart(12, '0') + '.' + key.slice(0, 8);
    const scan = { name, key, code, body: Object.assign({ code }, context), stored: false };
    waiting.push(scan);
    store(scan);
    changed();
    run();
    return scan;
  }

  async function run() {
    if (running) { return; }
    running = true;
    let pause = RETRY_MIN_MS;
    while (waiting.length > 0) {
      const scan = waiting[0];
      const answer = await send(scan);
      if (answer.later) {
        box.stuck = true;
        box.why = answer.why || '';
        changed();
        await new Promise((resume) => {
          wake = resume;
          setTimeout(resume, answer.after || pause * (0.8 + Math.random() * 0.4));
        });
        wake = null;
        pause = Math.min(pause * 2, RETRY_MAX_MS);
        continue;
      }
      pause = RETRY_MIN_MS;
      box.stuck = false;
      box.why = '';
      // The ticket may be from yesterday by now; the dossier still counts.
      if (answer.refused && answer.refused.code === 'unknown-ticket' && scan.body.ticket) {
        delete scan.body.ticket;
        store(scan);
        continue;
      }
      forget(scan);
      told(scan, answer);
      changed();
    }
    running = false;
  }

  async function send(scan) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), TIMEOUT_MS);
    try {
      const response = await fetch('/api/v1/scans', {
        method: 'POST',
        signal: giveUp.signal,
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': scan.key,
          'Accept-Language': window.Words.language(),
        },
        body: JSON.stringify(scan.body),
      });
      box.signedOut = response.status === 401;
      const answer = await response.json().catch(() => null);
      // Only our own server's words count: a gateway's page must never make a scan vanish.
      if ((response.status === 202 || response.status === 200) && answer && answer.id) { return { taken: answer }; }
      const refused = response.status >= 400 && response.status < 500 && response.status !== 429 && response.status !== 408;
      if (refused && answer && answer.code && !NOT_YET.has(answer.code)) { return { refused: answer }; }
      const after = Number(response.headers.get('Retry-After'));
      return { later: true, after: after > 0 && after < 60 ? after * 1000 : 0, why: answer && answer.detail };
    } catch (away) {
      return { later: true };
    } finally {
      clearTimeout(timer);
    }
  }

  /** The server is back: do not wait for the rest of a pause. */
  function kick() {
    if (wake) { wake(); }
    run();
  }

  return box;
}
