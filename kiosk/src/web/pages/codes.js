// The sheet of codes: the server has drawn it, the browser prints it.

import { openFrame } from './frame.js';

document.getElementById('print').addEventListener('click', () => window.print());
openFrame('codes.title', () => {});
