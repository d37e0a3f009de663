// What needs attention now, as the server says it: what is the matter, and what to do about it.

import { make, setText, showList } from './dom.js';

const W = window.Words;

function build() {
  const item = make('li');
  item.append(make('span', 'what'), make('span', 'do'));
  return item;
}

/** Shows the alerts of a live board in a list. */
export function showAlerts(list, alerts) {
  const items = alerts.map((alert) => Object.assign({ key: alert.kind + alert.about }, alert));
  showList(list, items, build, (node, alert) => {
    node.className = alert.urgent ? 'urgent' : '';
    setText(node.querySelector('.what'), W.text(alert.text));
    setText(node.querySelector('.do'), W.text(alert.advice));
  });
}
