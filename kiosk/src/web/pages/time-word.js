// Staff's word for what time it is: what to propose, how it reads, and how it is sent.
//
// A moment is milliseconds of UTC; the office's own wall clock is that and its offset.
import { newKey } from './outbox.js';

const W = window.Words;
const MINUTE_MS = 60000;
// The date is far from the last service day: confirmed once more it counts.
const AGAIN = new Set(['date-back', 'date-far']);
let unanswered = null;
let offset = 0;

/** What the server knows of the time; null while it is away or nobody is signed in. */
export async function readTime() {
  const answer = await fetch('/api/v1/time').catch(() => null);
  if (!answer || !answer.ok) { return null; }
  const time = await answer.json();
  offset = time.offset_minutes;
  return time;
}

/** The moment to propose now: this browser's clock, or the machine's where that was later. */
export function proposed(time) {
  if (!time) { return Date.now(); }
  if (time.ahead === undefined) { time.ahead = Math.max(0, Date.parse(time.machine) - Date.now()); }
  return Date.now() + time.ahead;
}

/** Day, month, year, hour and minute on the office's wall clock. */
export function fields(moment) {
  const local = new Date(moment + offset * MINUTE_MS);
  return {
    day: local.getUTCDate(), month: local.getUTCMonth() + 1, year: local.getUTCFullYear(),
    hour: local.getUTCHours(), minute: local.getUTCMinutes(),
  };
}

/** The moment that such fields name; null where no such day or time exists. */
export function momentOf(parts) {
  const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute);
  const moment = local - offset * MINUTE_MS;
  const same = Number.isFinite(moment) && Object.entries(fields(moment)).every(([name, value]) => parts[name] === value);
  return same ? moment : null;
}

/** "thứ Hai, 23/11/2026, 7 giờ 28 phút" of a moment. */
export function sentence(moment) {
  const { hour, minute } = fields(moment);
  const date = W.date(new Date(moment + offset * MINUTE_MS).toISOString());
  return W.t('time.sentence', { date: date.replace(/ (\d)/, ', $1'), hour, minute: String(minute).padStart(2, '0') });
}

/** Gives the word; `{ok, time}`, or `{detail, again}` with what to say and whether to ask once more. */
export async function confirmTime(moment, sure) {
  const meant = sure + ' ' + sentence(moment);
  // A lost answer is asked for again under the same key, as long as it is the same minute.
  if (!unanswered || unanswered.meant !== meant) {
    unanswered = { meant, key: newKey(), body: JSON.stringify({ now: new Date(moment).toISOString(), sure }) };
  }
  try {
    const answer = await fetch('/api/v1/time', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': unanswered.key, 'Accept-Language': W.language() },
      body: unanswered.body,
    });
    const content = await answer.json();
    unanswered = null;
    if (answer.ok) { return { ok: true, time: content }; }
    return { detail: content.detail, again: AGAIN.has(content.code) };
  } catch (lost) {
    return { detail: W.t('act.uncertain.plain'), again: sure };
  }
}
