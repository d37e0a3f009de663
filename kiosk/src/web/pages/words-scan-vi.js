// Vietnamese words of the counter page about scanners, scans and sound, beside words-vi.js. words-scan-en.js has the same keys.
(function () {
  'use strict';
  Object.assign(window.WordTables.vi, {
    'hand.dossiers.taken-for': '{dossier} (lấy số bằng giấy hẹn)',
    'queue.dossier': 'Hồ sơ {dossier}'
  });
}());
