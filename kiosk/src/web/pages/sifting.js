// What this page says to a code by itself, before it is stored or sent.
//
// Promises:
// - of a citizen card nothing is kept, not even in passing: it never reaches the outbox;
// - a code with a Vietnamese letter in it is damage of an input method and is never sent;
// - a purpose barcode counts from the next code on, also while the server is away.
//
// Deliberately not here: what any other code means. The server decides and gives its reason.

// The barcodes of the sheet of codes. Their letters mean nothing to Telex and VNI.
const PURPOSES = { 'MC-M1': 'receive', 'MC-M2': 'supplement', 'MC-M3': 'return', 'MC-M4': 'look-up' };
const SHOWN_CHARS = 6; // Enough to know which paper it was, too little to be anybody's code.

// As the server folds: full-width signs, and the symbology prefix that some scanners send.
function folded(text) { return text.normalize('NFKC').trim().replace(/^\][A-Za-z][0-9A-Za-z]/, '').trim(); }

/** Whether a text is a citizen card's, or the number on one. */
export function isCard(text) {
  const code = folded(text);
  return code.includes('|') || /^\d{12}(?!\d)/.test(code);
}

/**
 * Whether an input method has been at a typed text. Spaces make a sentence, which the server answers
 * to; an address may hold such letters, and an old serial's office behind its slash.
 */
export function isDamaged(text) {
  const code = text.normalize('NFC').trim();
  if (/\s/.test(code) || code.includes('://') || /^\d{1,7}\//.test(code)) { return false; }
  return /[đĐ]|[A-Za-z][\u0300-\u036f]/.test(code.normalize('NFD'));
}

/** The purpose that a code sets; undefined for any other code. */
export function purposeOf(text) { return PURPOSES[folded(text).toUpperCase()]; }

/** What of a refused text may stand on the page. */
export function masked(text) {
  if (isCard(text)) { return ''; }
  const signs = Array.from(text.trim());
  return signs.length > SHOWN_CHARS ? signs.slice(0, SHOWN_CHARS).join('') + '…' : signs.join('');
}
