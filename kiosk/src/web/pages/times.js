// Times and dates as an office writes them: 7:30, 7h30, 7 giờ 30; 2/9/2026.
//
// Typed as text, because a browser's own field shows month before day, or AM and PM, as the
// machine's language wants it.

const two = (n) => String(n).padStart(2, '0');

/** "07:30" of what was typed; null of nothing, undefined of what is no time. */
export function parseTime(text) {
  const typed = text.trim().toLowerCase();
  if (typed === '') { return null; }
  const found = /^(\d{1,2})(?:\s*(?::|h|g|giờ|\.)\s*(\d{1,2})?)?(?:\s*(?:phút|p))?$/.exec(typed) || /^(\d{1,2})(\d{2})$/.exec(typed);
  const [hour, minute] = found ? [Number(found[1]), Number(found[2] || 0)] : [99, 99];
  return hour < 24 && minute < 60 ? two(hour) + ':' + two(minute) : undefined;
}

/** "7:30" of "07:30". */
export function showTime(time) { return time ? time.replace(/^0/, '') : ''; }

/** "2026-09-02" of "2/9/2026" or "02-09-2026"; null of nothing, undefined of what is no date. */
export function parseDate(text) {
  const typed = text.trim();
  if (typed === '') { return null; }
  const found = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(typed);
  if (!found) { return undefined; }
  const [day, month, year] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? year + '-' + two(month) + '-' + two(day) : undefined;
}

/** "02/09/2026" of "2026-09-02". */
export function showDate(date) { return date ? date.split('-').reverse().join('/') : ''; }
