// The sign-in page. It works without this script; the script carries `next` and shows the error.
(function () {
  'use strict';
  const W = window.Words;
  const asked = new URLSearchParams(window.location.search);
  const token = document.getElementById('token');

  // Only a path of this server: anything else could lead a clerk to a stranger's page.
  const next = asked.get('next') || '';
  if (/^\/[A-Za-z0-9]/.test(next)) { document.getElementById('next').value = next; }
  document.getElementById('error').hidden = !asked.has('error');

  document.getElementById('show').addEventListener('change', function (event) {
    token.type = event.target.checked ? 'text' : 'password';
  });
  // A shown token must not end up among the browser's form texts.
  document.getElementById('sign-in').addEventListener('submit', function () {
    token.value = token.value.trim();
    token.type = 'password';
  });

  function fill() { W.fill(); document.title = W.t('login.title'); }
  document.getElementById('language').addEventListener('click', function () { W.toggle(); fill(); });
  fill();
}());
