// The draft of a letter: the server has made it; the script prints it. What is typed into its dotted
// lines stands on this page only.

import { openFrame } from './frame.js';

document.getElementById('print').addEventListener('click', () => window.print());
openFrame('letter.title', () => {});
