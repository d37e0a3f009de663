// The groups of the bar. A browser opens and closes each by itself, also with the keyboard; here they
// learn to give way: to another group, a touch elsewhere, Escape, and a walk out of them by Tab.

const groups = Array.from(document.querySelectorAll('#bar-pages details'));

function closeAllBut(kept) {
  for (const group of groups) {
    if (group !== kept) { group.open = false; }
  }
}

for (const group of groups) {
  group.addEventListener('toggle', () => { if (group.open) { closeAllBut(group); } });
}

document.addEventListener('click', (event) => {
  closeAllBut(groups.find((group) => group.contains(event.target)));
});

document.addEventListener('keydown', (event) => {
  const open = groups.find((group) => group.open);
  if (event.key !== 'Escape' || !open) { return; }
  if (open.contains(document.activeElement)) { open.querySelector('summary').focus(); }
  open.open = false;
});

// On the key's way up: only then has the focus moved. Not whenever the focus leaves, because on a phone
// the groups stand below each other, and one that closes under a finger moves what the finger is on.
document.addEventListener('keyup', (event) => {
  if (event.key !== 'Tab') { return; }
  closeAllBut(groups.find((group) => group.contains(document.activeElement)));
});
