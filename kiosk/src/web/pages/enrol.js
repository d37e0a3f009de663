// While a code is shown: looks whether somebody has typed it, and goes on by itself then. Without a
// connection the page stays as it is and looks again.
(function () {
  'use strict';
  const LOOK_MS = 2000;
  if (document.getElementById('waits').hidden) { return; }

  async function look() {
    const answer = await fetch('/enrol/wait').catch(function () { return null; });
    if (answer && answer.status === 200) {
      window.location.reload();
    } else {
      setTimeout(look, LOOK_MS);
    }
  }
  setTimeout(look, LOOK_MS);
}());
