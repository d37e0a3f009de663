// Small tools for putting data on a page: always as text, and only what has changed.

/** Sets a text without touching a node that says it already (live regions would speak again). */
export function setText(node, text) {
  if (node.textContent !== text) { node.textContent = text; }
}

/** An element with a class and a text. */
export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) { node.className = className; }
  if (text !== undefined) { node.textContent = text; }
  return node;
}

/**
 * Shows `items` as children of `parent`, keeping the node of an item that stays: a button under the
 * pointer or the focus is never replaced. `item.key` names it, `build(item)` makes a node, `fill(node, item)` fills it.
 */
export function showList(parent, items, build, fill) {
  const old = new Map(Array.from(parent.children, (node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    if (node) { old.delete(item.key); } else {
      node = build(item);
      node.dataset.key = item.key;
    }
    fill(node, item);
    if (node === place) { place = place.nextElementSibling; } else { parent.insertBefore(node, place); }
  }
  for (const node of old.values()) { node.remove(); }
}
