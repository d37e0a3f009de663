// The draft of the office: what the page's fields change before anything is applied.
//
// Promises:
// - a draft outlives a reload: it stands in this browser until it is applied or thrown away;
// - nothing of it is lost when somebody else changes the office meanwhile: `merge` lays the draft's
//   own changes over the newer office and names the parts that both have changed.

const PLACE = 'office-draft';

export const clone = (value) => JSON.parse(JSON.stringify(value));

// What is left out, empty, or without anything in it says the same to the server.
function blank(value) {
  return value === undefined || value === null || value === '' || typeof value === 'object' && Object.keys(value).length === 0;
}

/** Whether two pieces of JSON say the same. */
export function same(a, b) {
  if (a === b || blank(a) && blank(b)) { return true; }
  if (!a || !b || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) !== Array.isArray(b)) { return false; }
  if (Array.isArray(a) && a.length !== b.length) { return false; }
  return Object.keys(Object.assign({}, a, b)).every((key) => same(a[key], b[key]));
}

function stored() {
  try {
    const draft = JSON.parse(localStorage.getItem(PLACE));
    return draft && draft.office && draft.from ? draft : null;
  } catch (garbled) {
    return null;
  }
}

/** `changed()` hears of every edit. */
export function openDraft(changed) {
  const draft = { server: null, base: null, from: null, office: null, dirty, outdated, edited, take, reset, replace, merge };

  function dirty() { return draft.office !== null && !same(draft.office, draft.from); }

  /** Whether the office has changed since the draft was begun. */
  function outdated() { return dirty() && draft.base !== draft.server.version; }

  function edited() {
    try {
      if (dirty()) {
        localStorage.setItem(PLACE, JSON.stringify({ base: draft.base, from: draft.from, office: draft.office }));
      } else { localStorage.removeItem(PLACE); }
    } catch (full) { /* The draft then lives as long as the page. */ }
    changed();
  }

  /** Takes the server's answer; a draft that stands in this browser goes on. */
  function take(answer) {
    draft.server = answer;
    const kept = draft.office === null ? stored() : draft;
    if (kept && !same(kept.office, kept.from)) {
      Object.assign(draft, { base: kept.base, from: kept.from, office: kept.office });
    } else { begin(); }
  }

  function begin() {
    Object.assign(draft, { base: draft.server.version, from: clone(draft.server.office), office: clone(draft.server.office) });
  }

  function reset() {
    begin();
    edited();
  }

  /** Another whole office becomes the draft: from a file, or the one that waits. */
  function replace(office) {
    begin();
    draft.office = clone(office);
    edited();
  }

  /** The draft's own changes on the newer office; the names of the parts that both have changed. */
  function merge() {
    const both = [];
    const merged = clone(draft.server.office);
    for (const key of Object.keys(Object.assign({}, draft.from, draft.office))) {
      if (same(draft.office[key], draft.from[key])) { continue; }
      if (!same(draft.server.office[key], draft.from[key]) && !same(draft.server.office[key], draft.office[key])) { both.push(key); }
      if (draft.office[key] === undefined) { delete merged[key]; } else { merged[key] = draft.office[key]; }
    }
    Object.assign(draft, { base: draft.server.version, from: clone(draft.server.office), office: merged });
    edited();
    return both;
  }

  return draft;
}
