// What the next scans at this counter are for: one truth with the scanner that lies here.
//
// The clerk says it on this page or by a barcode at the scanner; the server knows both, ends it in
// time, and tells every page of the counter. Until it has answered, and while it is away, the page
// goes by what was pressed here: each scan carries its purpose with it.

import { newKey } from './outbox.js';

/** `model.purpose` is what was said, null for the usual; `changed()` redraws. */
export function openPurpose({ counter, model, changed }) {
  let heard = null;

  /** The server's document may have another word than before. */
  function follow() {
    const said = model.doc ? model.doc.counter.purpose_said : null;
    if (said !== heard) { heard = said; model.purpose = said; }
  }

  /** The clerk says it here. */
  function say(purpose) {
    model.purpose = purpose;
    changed();
    fetch('/api/v1/counters/' + counter + '/purpose', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
      body: JSON.stringify({ purpose }),
    }).catch(() => { /* Scans of this page carry it anyway. */ });
  }

  return { follow, say };
}
