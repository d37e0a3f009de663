// Language of the pages: words, numbers, times. Everything shown to a person goes through here.
//
// ES5, because lobby televisions read this file too. Promises:
// - a word missing in English is said in Vietnamese, never left out;
// - without a time the server knows, no time is shown;
// - texts enter the page as text, never as markup.
(function () {
  'use strict';

  var tables = window.WordTables;
  var language = 'vi';

  function stored() {
    try { return window.localStorage.getItem('language'); } catch (refused) { return null; }
  }

  function choose(wanted) {
    language = tables[wanted] ? wanted : 'vi';
    document.documentElement.lang = language;
  }

  // `?lang=` wins; a clerk's own switch is remembered in this browser.
  function start() {
    var asked = /[?&]lang=([a-z]+)/.exec(window.location.search);
    choose(asked ? asked[1] : stored());
  }

  function toggle() {
    choose(language === 'vi' ? 'en' : 'vi');
    try { window.localStorage.setItem('language', language); } catch (refused) { /* This page only. */ }
  }

  function t(key, values) {
    var word = tables[language][key] || tables.vi[key] || key;
    return word.replace(/\{(\w+)\}/g, function (whole, name) {
      return values && values[name] !== undefined && values[name] !== null ? String(values[name]) : '';
    });
  }

  function has(key) { return tables.vi[key] !== undefined; }

  // The office's own texts: a map from language to text.
  function text(map) {
    if (!map) { return ''; }
    return map[language] || map.vi || '';
  }

  // 1.234 in Vietnamese, 1,234 in English.
  function number(n) {
    return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, language === 'vi' ? '.' : ',');
  }

  function duration(seconds) {
    var minutes = Math.floor(seconds / 60);
    if (minutes < 1) { return t('wait.none'); }
    if (minutes < 60) { return t('wait.minutes', { n: minutes }); }
    return t('wait.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
  }

  // Minutes until a call: at least one, since "0 minutes" promises what nobody can keep.
  function range(seconds) {
    if (!seconds) { return ''; }
    var low = Math.max(1, Math.floor(seconds.low / 60));
    var high = Math.max(low, Math.ceil(seconds.high / 60));
    return low === high ? t('wait.about', { high: high }) : t('wait.range', { low: low, high: high });
  }

  function two(n) { return n < 10 ? '0' + n : String(n); }

  function hour(h, m) {
    if (language !== 'vi') { return h + ':' + two(m); }
    return m === 0 ? h + ' giờ' : h + ' giờ ' + two(m);
  }

  // The office's time of day now. `clock` is the server's, `skew` how far this machine is behind it.
  // `at`, if given, is another moment on this machine's clock.
  function now(clock, skew, at) {
    if (!clock || !clock.known) { return null; }
    var local = new Date((at || Date.now()) + (skew || 0) + clock.offset_minutes * 60000);
    return hour(local.getUTCHours(), local.getUTCMinutes());
  }

  // An RFC 3339 time carries the office's offset, so its own digits are the office's time.
  function time(stamp) {
    var found = /T(\d\d):(\d\d)/.exec(stamp || '');
    return found ? hour(Number(found[1]), Number(found[2])) : '';
  }

  var weekdays = {
    vi: ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'],
    en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
  };

  function date(stamp) {
    var found = /^(\d{4})-(\d\d)-(\d\d)/.exec(stamp || '');
    if (!found) { return ''; }
    var day = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]))).getUTCDay();
    return weekdays[language][day] + ' ' + found[3] + '/' + found[2] + '/' + found[1];
  }

  // Fills the words of the page's own skeleton.
  function fill() {
    var marked = document.querySelectorAll('[data-t]');
    for (var i = 0; i < marked.length; i += 1) {
      marked[i].textContent = t(marked[i].getAttribute('data-t'));
    }
    var labelled = document.querySelectorAll('[data-t-label]');
    for (var k = 0; k < labelled.length; k += 1) {
      labelled[k].setAttribute('aria-label', t(labelled[k].getAttribute('data-t-label')));
    }
  }

  window.Words = {
    t: t, has: has, text: text, number: number, duration: duration, range: range, now: now, time: time, date: date,
    fill: fill, toggle: toggle, language: function () { return language; }
  };
  start();
}());
