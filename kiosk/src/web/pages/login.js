// Sign-in and the one-time link. Both work without this script; it speaks the reader's language,
// remembers who sits at this browser, and keeps a shown code out of the browser's form texts.
(function () {
  'use strict';
  const W = window.Words;
  const byId = function (id) { return document.getElementById(id); };
  const person = byId('person');
  const token = byId('token');
  const title = document.querySelector('h1').getAttribute('data-t');

  function remembered() {
    try { return window.localStorage.getItem('person') || ''; } catch (refused) { return ''; }
  }

  if (person) {
    if (!person.value) { person.value = remembered(); }
    byId('sign-in').addEventListener('submit', function () {
      try { window.localStorage.setItem('person', person.value.trim()); } catch (refused) { /* Typed again next time. */ }
    });
    const first = byId('sign-in').hidden ? token : person.value ? byId('pin') : person;
    first.focus();
  }
  if (token) {
    byId('show').addEventListener('change', function (event) {
      token.type = event.target.checked ? 'text' : 'password';
    });
    byId('by-token').addEventListener('submit', function () {
      token.value = token.value.trim();
      token.type = 'password';
    });
  }

  function fill() {
    W.fill();
    document.title = W.t(title);
    const error = byId('error');
    if (error) { error.textContent = error.dataset[W.language()] || error.dataset.vi; }
  }
  byId('language').addEventListener('click', function () { W.toggle(); fill(); });
  fill();
}());
