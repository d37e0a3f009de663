// For pages that the server makes, also in which language: prints them, and asks for them anew when the
// reader's language is another.
import { openFrame } from './frame.js';

const W = window.Words;

function inLanguage() {
  if (document.body.dataset.language === W.language()) { return; }
  const address = new URL(window.location.href);
  address.searchParams.set('lang', W.language());
  window.location.replace(address);
}

const button = document.getElementById('print');
if (button) { button.addEventListener('click', () => window.print()); }
openFrame(null, inLanguage);
