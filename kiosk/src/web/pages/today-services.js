// Services: who waits, how far the numbers are, and a pause for today in two touches.

import { make, setText, showList } from './dom.js';
import { twice } from './twice.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);

export function openServices({ model, act, since }) {
  function build() {
    const row = make('li', 'row');
    const pause = twice(() => act('/services/' + row.service.letter + '/pause', {}, W.t('today.paused', { service: row.title })));
    const resume = make('button', 'resume');
    resume.type = 'button';
    resume.addEventListener('click', () => act('/services/' + row.service.letter + '/resume', {}, W.t('today.resumed', { service: row.title })));
    row.append(make('span', 'name'), make('span', 'count'), make('span', 'state'), pause, resume);
    return row;
  }

  function issuing(letter) {
    const service = model.queue && model.queue.services[letter];
    return service ? service.issuing : { open: true };
  }

  /** Whether numbers are given out for it, and if not, why and until when. */
  function state(letter) {
    const now = issuing(letter);
    if (now.open) { return W.t('today.issuing'); }
    const reason = W.has('today.issuing.' + now.reason) ? now.reason : 'closed';
    const until = now.opens_at ? W.t('today.issuing.until', { time: W.time(now.opens_at), date: W.date(now.opens_at) }) : '';
    return [W.t('today.issuing.' + reason), until].filter(Boolean).join(', ');
  }

  function fill(row, service) {
    row.service = service;
    row.title = service.letter + ' · ' + W.text(service.name);
    const counted = model.day && model.day.services.find((one) => one.service === service.letter);
    const part = (name, text) => setText(row.querySelector('.' + name), text);
    part('name', row.title);
    part('count', [
      service.waiting ? W.t('live.people', { n: W.number(service.waiting) }) : W.t('live.nobody'),
      service.waiting ? W.t('live.longest', { wait: W.duration(since(service.longest_seconds)) }) : '',
      counted && counted.last ? W.t('today.last', { number: counted.last }) : W.t('today.last.none'),
    ].filter(Boolean).join(' · '));
    part('state', state(service.letter));
    const paused = issuing(service.letter).reason === 'paused';
    row.classList.toggle('stopped', paused);
    const pause = row.querySelector('.twice');
    const resume = row.querySelector('button.resume');
    const had = pause.contains(document.activeElement) || document.activeElement === resume;
    pause.hidden = paused || !model.board.day_open;
    resume.hidden = !paused || !model.board.day_open;
    // The button that was pressed has gone: the one in its place takes over the focus.
    if (had && paused && !resume.hidden) { resume.focus(); }
    if (had && !paused && !pause.hidden && !pause.contains(document.activeElement)) { pause.firstElementChild.focus(); }
    pause.words({ ask: W.t('today.pause'), about: row.title, sure: W.t('today.pause.sure'), then: W.t('today.pause.then', { service: row.title }) });
    setText(resume, W.t('today.resume'));
    resume.setAttribute('aria-label', W.t('today.resume') + ': ' + row.title);
  }

  function draw() {
    const services = model.board.services.map((one) => Object.assign({ key: one.letter }, one));
    showList($('services'), services, build, fill);
  }
  return { draw };
}
