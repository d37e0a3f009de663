// The preview: what would change, what is not right yet, and from when it would hold.

import { make, setText } from './dom.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);

function list(id, lines) {
  $(id).replaceChildren(...lines);
  $(id).parentElement.hidden = lines.length === 0;
}

/**
 * `review.show(answer)` shows a check; `apply()` is done from within it, `go(problem)` leads to a field,
 * `described(remark)` names it.
 */
export function openReview({ apply, go, described }) {
  function show({ problems, warnings, changes, applies, waits }) {
    const item = (one) => make('li', '', W.text(one));
    const wrong = (problem) => {
      const node = make('li');
      const link = make('button', 'link', described(problem));
      link.type = 'button';
      link.addEventListener('click', () => { $('review').close(); go(problem); });
      node.append(link);
      return node;
    };
    list('review-problems', problems.map(wrong));
    list('review-changes', changes.map(item));
    list('review-waits', applies === 'next-day' ? waits.map(item) : []);
    list('review-warnings', warnings.map((one) => make('li', '', described(one))));
    const bad = problems.length > 0;
    setText($('review-lead'), W.t(bad ? 'set.review.problems' : applies === 'unchanged' ? 'set.review.unchanged' : 'set.review.' + applies));
    $('review-apply').hidden = bad || applies === 'unchanged';
    $('review').showModal();
  }

  $('review-apply').addEventListener('click', () => { $('review').close(); apply(); });
  $('review-close').addEventListener('click', () => $('review').close());
  return { show };
}
