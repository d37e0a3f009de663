// A citizen's phone asks again by itself; only what has changed is put on the page, and read aloud.
(function () {
  'use strict';
  var ASK_MS = 15000;

  function show(text) {
    var page = new DOMParser().parseFromString(text, 'text/html');
    var fresh = page.getElementById('now');
    var now = document.getElementById('now');
    if (fresh && fresh.textContent !== now.textContent) {
      now.replaceChildren.apply(now, Array.from(fresh.children).map(function (node) { return document.importNode(node, true); }));
    }
    document.getElementById('stale').hidden = true;
  }

  function ask() {
    // A number that has gone answers 404, with a page that says so.
    fetch(window.location.href).then(function (answer) {
      if (!answer.ok && answer.status !== 404) { throw new Error('not now'); }
      return answer.text().then(show);
    }).catch(function () { document.getElementById('stale').hidden = false; });
  }

  setInterval(ask, ASK_MS);
}());
