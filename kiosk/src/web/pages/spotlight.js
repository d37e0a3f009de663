// Which call stands in the large field of the lobby, and for how long it is gold.
//
// Pure: time comes in as `now` (milliseconds). ES5. Promises:
// - a new call or recall is gold for 8 s, also if another comes meanwhile: calls queue;
// - several waiting calls shorten each other's time, so the field never lags far behind;
// - a call that was taken back leaves the field at once;
// - what was called before the page opened is shown, but not as news.
(function () {
  'use strict';

  var GOLD_MS = 8000;
  var GOLD_BUSY_MS = 4000; // With others waiting: time to read a number and a counter aloud.
  var QUEUE_MAX = 8; // Half a minute; older news is in the list beside anyway.

  function Spotlight() {
    this.newest = null; // Highest id ever seen; null before the first state.
    this.epoch = null;
    this.queue = [];
    this.shown = null;
    this.since = 0;
    this.calls = [];
  }

  // A new state has come.
  Spotlight.prototype.take = function (epoch, calls, now) {
    var top = 0;
    var i;
    for (i = 0; i < calls.length; i += 1) { top = Math.max(top, calls[i].id); }
    if (this.newest === null || epoch !== this.epoch || top < this.newest && calls.length > 0 && !this.has(calls)) {
      this.queue = [];
      this.shown = null;
      this.newest = top;
      this.epoch = epoch;
    }
    for (i = calls.length - 1; i >= 0; i -= 1) {
      if (calls[i].id > this.newest) { this.queue.push(calls[i].id); }
    }
    this.newest = Math.max(this.newest, top);
    this.calls = calls;
    while (this.queue.length > QUEUE_MAX) { this.queue.shift(); }
    this.turn(now);
  };

  Spotlight.prototype.has = function (calls) {
    for (var i = 0; i < calls.length; i += 1) {
      for (var k = 0; k < this.calls.length; k += 1) {
        if (calls[i].id === this.calls[k].id) { return true; }
      }
    }
    return false;
  };

  Spotlight.prototype.find = function (id) {
    for (var i = 0; i < this.calls.length; i += 1) {
      if (this.calls[i].id === id) { return this.calls[i]; }
    }
    return null;
  };

  // Time has passed: the next one's turn?
  Spotlight.prototype.turn = function (now) {
    var that = this;
    this.queue = this.queue.filter(function (id) { return that.find(id); });
    if (this.shown !== null && !this.find(this.shown)) { this.shown = null; }
    if (this.queue.length > 0 && (this.shown === null || now - this.since >= this.gold())) {
      this.shown = this.queue.shift();
      this.since = now;
    }
  };

  Spotlight.prototype.gold = function () { return this.queue.length > 0 ? GOLD_BUSY_MS : GOLD_MS; };

  // What to draw: the call in the large field, whether it is gold, and the others, newest first.
  Spotlight.prototype.view = function (now) {
    var shown = this.shown === null ? null : this.find(this.shown);
    var gold = shown !== null && now - this.since < this.gold();
    if (!gold) { shown = this.calls[0] || null; }
    return {
      call: shown,
      gold: gold,
      others: this.calls.filter(function (call) { return call !== shown; })
    };
  };

  window.Spotlight = Spotlight;
}());
