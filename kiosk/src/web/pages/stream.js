// One live stream of server-sent events that never dies silently. ES5, shared with the lobby.
//
// Promises:
// - `down` is called when nothing can be trusted any more, `up` with the first event after it;
// - a cable pulled in mid-stream is noticed: a browser hides the server's comment lines, so a
//   small request asks every few seconds whether the server still answers;
// - `skew()` is how many milliseconds the server's clock is ahead of this machine's, `seen()` when
//   the server was last heard.
(function () {
  'use strict';

  var PROBE_MS = 10000; // A lobby says that it is stale within two of these.
  var PROBE_TIMEOUT_MS = 8000;
  var RETRY_MIN_MS = 1000;
  var RETRY_MAX_MS = 10000; // Nobody should wait longer than this after the server is back.
  var SKEW_NOTICE_MS = 1500; // The Date header counts whole seconds.

  function open(url, events, handlers) {
    var source = null;
    var isUp = false;
    var retry = RETRY_MIN_MS;
    var timer = null;
    var skew = 0;
    var probing = false;
    var asked = 0; // When this connection was asked for.
    var seen = null; // When the server was last heard, on this machine's clock.

    function down() {
      if (source) { source.close(); source = null; }
      isUp = false;
      handlers.down();
      if (timer === null) {
        // Spread out, so that a hundred screens do not come back in the same instant.
        timer = setTimeout(connect, retry * (0.7 + Math.random() * 0.6));
        retry = Math.min(retry * 2, RETRY_MAX_MS);
      }
    }

    function listen(name) {
      source.addEventListener(name, function (event) {
        var data;
        try { data = JSON.parse(event.data); } catch (garbled) { down(); return; }
        retry = RETRY_MIN_MS;
        seen = Date.now();
        if (!isUp) { isUp = true; handlers.up(); }
        events[name](data);
      });
    }

    function connect() {
      timer = null;
      asked = Date.now();
      source = new EventSource(url);
      for (var name in events) {
        if (Object.prototype.hasOwnProperty.call(events, name)) { listen(name); }
      }
      // The browser would retry by itself, but not after an HTTP error and not at our pace.
      source.onerror = down;
    }

    function answered(request, sent) {
      var header = request.getResponseHeader('Date');
      var stamp = header ? Date.parse(header) : NaN;
      if (!isNaN(stamp)) {
        // The header names a whole second; half of one is the best guess.
        var ahead = stamp + 500 - (sent + Date.now()) / 2;
        if (Math.abs(ahead - skew) > SKEW_NOTICE_MS) { skew = ahead; }
      }
      if (isUp) { seen = Date.now(); return; }
      // The server answers, and this stream still says nothing: ask for another one.
      if (source && Date.now() - asked > PROBE_TIMEOUT_MS) { down(); }
    }

    function probe() {
      if (probing) { return; }
      probing = true;
      var sent = Date.now();
      var request = new XMLHttpRequest();
      request.open('GET', '/api/v1/queue');
      request.timeout = PROBE_TIMEOUT_MS;
      request.onload = function () {
        probing = false;
        if (request.status === 200) { answered(request, sent); } else if (source) { down(); }
      };
      request.onerror = request.ontimeout = function () {
        probing = false;
        if (source) { down(); }
      };
      request.send();
    }

    connect();
    probe();
    setInterval(probe, PROBE_MS);
    return {
      skew: function () { return skew; },
      seen: function () { return seen; },
      isUp: function () { return isUp; }
    };
  }

  window.Stream = { open: open };
}());
