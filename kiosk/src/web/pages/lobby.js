// The lobby screen: who is called where, how many wait, what the office has to say.
//
// ES5 and flexible boxes only, for the browsers of older televisions. Promises:
// - everything shown comes from the public state, which has no names and no ids of tickets;
// - figures that may be old say so;
// - nothing moves: notices and calls change by cutting.
(function () {
  'use strict';

  var W = window.Words;
  var t = W.t;
  var NOTICE_MS = 12000; // Two lines of text read slowly.
  // As many tiles as stay readable across a lobby and leave room for the calls.
  var SERVICES_PAGE = 6;

  var state = null;
  var stale = false;
  var staleSince = null;
  var spotlight = new window.Spotlight();
  var stream = null;
  var drawn = {};

  function byId(id) { return document.getElementById(id); }

  function set(id, words) {
    var node = byId(id);
    if (node.textContent !== words) { node.textContent = words; }
  }

  function make(tag, className, words) {
    var node = document.createElement(tag);
    node.className = className;
    if (words !== undefined) { node.textContent = words; }
    return node;
  }

  // RFC 7396: null removes, objects are merged, everything else replaces.
  function merge(target, patch) {
    if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) { return patch; }
    var result = {};
    var key;
    if (target !== null && typeof target === 'object' && !Array.isArray(target)) {
      for (key in target) { if (target.hasOwnProperty(key)) { result[key] = target[key]; } }
    }
    for (key in patch) {
      if (!patch.hasOwnProperty(key)) { continue; }
      if (patch[key] === null) { delete result[key]; } else { result[key] = merge(result[key], patch[key]); }
    }
    return result;
  }

  // Rebuilds a list only when what it says has changed.
  function list(id, items, build) {
    var wanted = JSON.stringify(items) + W.language();
    if (drawn[id] === wanted) { return; }
    drawn[id] = wanted;
    var parent = byId(id);
    while (parent.firstChild) { parent.removeChild(parent.firstChild); }
    items.forEach(function (item) { parent.appendChild(build(item)); });
  }

  function opensAt(issuing) {
    if (!issuing.opens_at) { return ''; }
    return W.time(issuing.opens_at);
  }

  // Why no numbers are given out: a headline and one sentence.
  function closing() {
    var issuing = state.issuing || { open: true };
    if (issuing.open) { return null; }
    var time = opensAt(issuing);
    var day = issuing.opens_at ? issuing.opens_at.slice(0, 10) : '';
    var today = state.day && state.day.date;
    var later = time && day !== today ? time + ', ' + W.date(day) : time;
    if (issuing.reason === 'not-yet') { return [t('lobby.not-yet'), time ? t('lobby.start', { time: later }) : '']; }
    if (issuing.reason === 'gap') { return [t('lobby.gap'), time ? t('lobby.again-from', { time: time }) : '']; }
    if (issuing.reason === 'noon') { return [t('lobby.noon'), time ? t('lobby.resume', { time: time }) : '']; }
    var heads = { over: 'lobby.over', 'day-off': 'lobby.day-off', unplanned: 'lobby.unplanned' };
    var because = W.text(issuing.text);
    if (because && !/[.!?…]$/.test(because)) { because += '.'; }
    var back = time ? t('lobby.return', { time: later }) : t('lobby.ask');
    return [t(heads[issuing.reason] || 'lobby.stopped'), because ? because + ' ' + back : back];
  }

  // Long names, many services or the stale band leave less room: the number gives way, nothing is cut.
  function fit() {
    var spot = byId('spot');
    var number = byId('spot-number');
    var seen = [spot.textContent, spot.clientWidth, spot.clientHeight].join('|');
    if (drawn.fit === seen) { return; }
    drawn.fit = seen;
    number.style.fontSize = '';
    var size = parseFloat(window.getComputedStyle(number).fontSize);
    for (var step = 0; step < 30; step += 1) {
      if (spot.scrollHeight <= spot.clientHeight && spot.scrollWidth <= spot.clientWidth) { return; }
      size *= 0.95;
      number.style.fontSize = size + 'px';
    }
  }

  function drawSpot() {
    var view = spotlight.view(Date.now());
    var spot = byId('spot');
    var closed = closing();
    // Calls go on after the last number was given out; only an office with nothing to call is closed.
    if (view.call) {
      spot.className = view.gold ? 'spot gold' : 'spot';
      set('spot-lead', view.call.times > 1 ? t('lobby.again', { times: view.call.times }) : t('lobby.call'));
      set('spot-number', view.call.number);
      byId('spot-number').className = 'spot-number length-' + Math.min(Math.max(view.call.number.length, 4), 7);
      set('spot-to', t('lobby.to', { n: view.call.counter }));
    } else {
      spot.className = 'spot quiet';
      set('spot-number', '');
      var goesOn = state.day && state.day.open && ['over', 'gap'].indexOf(state.issuing.reason) >= 0;
      if (closed && !goesOn) {
        set('spot-lead', closed[0]);
        set('spot-to', closed[1]);
      } else {
        set('spot-lead', t('lobby.empty'));
        set('spot-to', t('lobby.empty.hint'));
      }
    }
    // With nothing beside it the large field has the whole width.
    byId('recent-box').hidden = view.others.length === 0;
    list('recent', view.others.slice(0, 8), function (call) {
      var row = make('li', 'recent-call');
      row.appendChild(make('span', 'recent-number', call.number));
      row.appendChild(make('span', 'recent-counter', t('lobby.counter', { n: call.counter })));
      return row;
    });
  }

  // Its numbers of today are gone, or staff paused it.
  function gone(service) {
    var reason = service.issuing.reason;
    return reason === 'full' || reason === 'paused' ? reason : '';
  }

  function wait(service) {
    if (gone(service)) { return t('lobby.' + gone(service)); }
    if (service.waiting === 0) { return ''; }
    if (service.kept_until) { return t('lobby.kept', { time: W.time(service.kept_until) }); }
    return W.range(service.wait_seconds);
  }

  function waiting(service) {
    if (service.waiting > 0) { return t('lobby.waiting', { n: W.number(service.waiting) }); }
    // "No numbers left" alone: that nobody waits any more helps no citizen.
    return gone(service) ? '' : t('lobby.nobody');
  }

  function drawServices() {
    var all = Object.keys(state.services || {}).map(function (letter) {
      var service = state.services[letter];
      return {
        letter: letter,
        position: service.position,
        name: W.text(service.name),
        waiting: waiting(service),
        wait: wait(service)
      };
    });
    all.sort(function (a, b) { return a.position - b.position || (a.letter < b.letter ? -1 : 1); });
    var pages = Math.max(1, Math.ceil(all.length / SERVICES_PAGE));
    var each = Math.ceil(all.length / pages);
    var page = Math.floor(Date.now() / NOTICE_MS) % pages;
    var items = all.slice(page * each, (page + 1) * each);
    byId('services').className = 'services of-' + each;
    list('services', items, function (item) {
      var tile = make('li', 'service');
      var name = make('p', 'service-name');
      name.appendChild(make('b', 'service-letter', item.letter));
      name.appendChild(document.createTextNode(' ' + item.name));
      tile.appendChild(name);
      var figures = make('p', 'service-figures');
      if (item.waiting) { figures.appendChild(make('span', 'service-waiting', item.waiting)); }
      if (item.wait) { figures.appendChild(make('span', 'service-wait', item.wait)); }
      tile.appendChild(figures);
      return tile;
    });
  }

  function drawNotice() {
    var texts = (state.office.notices || []).map(W.text).filter(Boolean);
    var closed = closing();
    // The large field says it already while there is no call to show.
    if (closed && (state.calls || []).length > 0) { texts.unshift(closed[0] + '. ' + closed[1]); }
    if (state.office.hotline) { texts.push(t('lobby.hotline', { n: state.office.hotline })); }
    set('notice', texts.length ? texts[Math.floor(Date.now() / NOTICE_MS) % texts.length] : '');
  }

  function draw() {
    var band = byId('stale');
    if (!state) {
      byId('spot').className = 'spot quiet';
      set('spot-lead', t(stale ? 'lobby.away' : 'lobby.loading'));
      set('spot-to', stale ? t('lobby.away.hint') : '');
      return;
    }
    spotlight.turn(Date.now());
    set('parent', W.text(state.office.parent));
    set('office', W.text(state.office.name));
    set('clock', W.now(state.clock, stream.skew()) || t('time.unknown'));
    byId('clock').className = state.clock && state.clock.known ? 'clock' : 'clock clock-unknown';
    set('date', state.clock && state.clock.known && state.day && state.day.date ? W.date(state.day.date) : '');
    band.hidden = !stale;
    if (stale) {
      var time = W.now(state.clock, stream.skew(), staleSince);
      set('stale', time ? t('lobby.stale', { time: time }) : t('lobby.stale.plain'));
    }
    drawServices();
    drawNotice();
    drawSpot();
    fit();
  }

  function take(next) {
    state = next;
    spotlight.take(state.epoch, state.calls || [], Date.now());
    draw();
  }

  W.fill();
  document.title = t('lobby.title');
  stream = window.Stream.open('/api/v1/events', {
    snapshot: take,
    change: function (patch) { if (state) { take(merge(state, patch)); } }
  }, {
    up: function () { stale = false; draw(); },
    down: function () {
      if (!stale) { stale = true; staleSince = stream && stream.seen() || Date.now(); }
      draw();
    }
  });
  draw();
  setInterval(draw, 500);
  // What was measured in another size, or before the typeface was there, is measured again.
  function again() { drawn.fit = ''; draw(); }
  window.addEventListener('resize', again);
  if (document.fonts && document.fonts.ready) { document.fonts.ready.then(again); }
}());
