// The page of figures needs no script but for its print button.
(function () {
  'use strict';
  document.getElementById('print').addEventListener('click', function () { window.print(); });
}());
