// A question with a few answers: purpose of scans, why to hold, where to transfer, why out of turn.
//
// It stands in the page instead of the acts and takes no focus, so scans go on reaching the box.
// It is answered by a click, by the space bar on a walked-to button, or by a function key printed
// on the answer; never by Enter, a letter or a digit.

const W = window.Words;

/** `open({question, hint, groups: [{title, answers: [{text, key?, act, stays?}]}]})`, `press(key)`, `close()`. */
export function openPanel(node, changed) {
  const panel = { isOpen: false, about: null, open, press, close };
  let keys = {};

  function open(question) {
    keys = {};
    panel.isOpen = true;
    panel.about = question.about || null;
    const head = document.createElement('h2');
    head.textContent = question.question;
    const hint = document.createElement('p');
    hint.className = 'hint';
    hint.textContent = question.hint;
    const cancel = answerButton({ text: W.t('act.cancel'), key: 'Esc', act: () => {} });
    cancel.classList.add('cancel');
    const top = document.createElement('div');
    top.className = 'panel-head';
    top.append(head, cancel);
    node.replaceChildren(top, ...question.groups.map(group), hint);
    node.setAttribute('aria-label', question.question);
    node.hidden = false;
    changed();
  }

  function group({ title, answers }) {
    const box = document.createElement('div');
    box.className = 'answers';
    if (title) {
      const head = document.createElement('h3');
      head.textContent = title;
      box.append(head);
    }
    box.append(...answers.map(answerButton));
    return box;
  }

  function answerButton(answer) {
    const button = document.createElement('button');
    button.type = 'button';
    if (answer.key) {
      const cap = document.createElement('kbd');
      cap.textContent = answer.key;
      button.append(cap);
      keys[answer.key] = button;
    }
    const text = document.createElement('span');
    text.textContent = answer.text;
    button.append(text);
    button.addEventListener('click', () => { if (!answer.stays) { close(); } answer.act(); });
    return button;
  }

  /** Whether a function key is one of the answers. */
  function press(key) {
    if (!keys[key]) { return false; }
    keys[key].click();
    return true;
  }

  function close() {
    if (!panel.isOpen) { return; }
    panel.isOpen = false;
    panel.about = null;
    node.hidden = true;
    node.replaceChildren();
    changed();
  }

  return panel;
}
