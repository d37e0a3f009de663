// English words of the counter page about scanners, scans and sound, beside words-en.js. words-scan-vi.js has the same keys.
(function () {
  'use strict';
  Object.assign(window.WordTables.en, {
    'hand.dossiers.taken-for': '{dossier} (ticket taken with the receipt)',
    'queue.dossier': 'Dossier {dossier}'
  });
}());
