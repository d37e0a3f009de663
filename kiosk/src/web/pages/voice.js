// The office's own voice: one clip after the other is read aloud, recorded, sent, and heard as the
// lobby would hear it. The server trims and levels; this page only records and plays.

import { openCalls, refusal } from './calls.js';
import { make, setText, showList } from './dom.js';
import { openFrame } from './frame.js';
import { newKey } from './outbox.js';
import { hasMicrophone, record } from './recorder.js';
import { openSaid } from './said.js';
import { twice } from './twice.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const SIGN_IN = '/login?next=/admin/voice';
const calls = openCalls('/admin/voice');
const say = openSaid($('said'));
let voice = null;
let language = null;
let picked = null;
let stop = null; // While a recording runs.
let busy = false;

const spoken = () => voice && voice.languages.find((one) => one.language === language);
const clipNamed = (name) => spoken().clips.find((clip) => clip.name === name);
const path = (name) => '/voice/' + language + '/' + name;
const words = (clip) => clip.words || W.t('voice.chime');

function origin(clip) {
  if (!clip.words && clip.origin !== 'own') { return W.t('voice.origin.built-in'); }
  if (clip.origin) { return W.t('voice.origin.' + clip.origin); }
  return W.t(clip.needed ? 'voice.origin.lacks' : 'voice.origin.none');
}

/** Whether somebody should read it: calls here need it, and it has words. */
const wanted = (clip) => clip.needed && clip.words !== '';

/** The next clip behind `name` that is wanted and nobody has recorded; else simply the next. */
function behind(name) {
  const clips = spoken().clips;
  const at = clips.findIndex((clip) => clip.name === name);
  const order = clips.slice(at + 1).concat(clips.slice(0, at + 1));
  return (order.find((clip) => wanted(clip) && clip.origin !== 'own') || order[0]).name;
}

function took(answer) {
  if (!answer || !answer.ok) { say('bad', refusal(answer)); return false; }
  voice = answer.content;
  draw();
  return true;
}

async function read() {
  const answer = await calls.get('/voice');
  if (!took(answer)) { return; }
  say('', '');
  language = (voice.languages.find((one) => one.spoken) || voice.languages[0]).language;
  picked = behind(spoken().clips[spoken().clips.length - 1].name);
  draw();
}

/** Sends a file itself. */
async function send(to, file) {
  try {
    const answer = await fetch('/api/v1' + to, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream', 'Idempotency-Key': newKey(), 'Accept-Language': W.language() },
      body: file,
    });
    if (answer.status === 401) { window.location.assign(SIGN_IN); }
    return { ok: answer.ok, content: await answer.json() };
  } catch (lost) {
    return null;
  }
}

/** Plays what the server has, and says whether it is there; a sound that is missing is told in its words. */
async function play(from) {
  const answer = await fetch('/api/v1' + from, { method: 'GET', headers: { 'Accept-Language': W.language() } }).catch(() => null);
  if (!answer || !answer.ok) {
    say('bad', refusal(answer && { content: await answer.json() }));
    return false;
  }
  say('', '');
  $('player').src = '/api/v1' + from;
  $('player').play().catch(() => say('bad', W.t('voice.unheard')));
  return true;
}

async function begin() {
  $('player').pause();
  try {
    stop = await record((loud) => { $('loud').value = loud; }, finish);
    say('', W.t('voice.recording'));
  } catch (refused) {
    say('bad', W.t('voice.refused'));
  }
  draw();
}

async function finish() {
  if (!stop) { return; }
  const file = stop();
  stop = null;
  busy = true;
  draw();
  const answer = await send(path(picked), file);
  busy = false;
  if (took(answer)) {
    // Heard at once, as the lobby would hear it.
    if (await play(path(picked))) { say('good', W.t('voice.kept', { words: words(clipNamed(picked)) })); }
  } else {
    draw();
  }
}

function pick(name) {
  picked = name;
  say('', '');
  draw();
}

$('record').addEventListener('click', () => (stop ? finish() : begin()));
$('listen').addEventListener('click', () => play(path(picked)));
$('next').addEventListener('click', () => pick(behind(picked)));
$('voice-language').addEventListener('change', () => {
  language = $('voice-language').value;
  pick(behind(spoken().clips[spoken().clips.length - 1].name));
});
$('try').addEventListener('submit', (event) => {
  event.preventDefault();
  const number = $('try-number').value.trim().toUpperCase();
  play('/voice/call?' + new URLSearchParams({ number, counter: $('try-counter').value }));
});
$('speaker-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = await calls.post('/voice/' + language + '/speaker', { speaker: $('speaker').value.trim() });
  if (took(answer)) { say('good', W.t('voice.speaker.kept')); }
});
$('take-in').addEventListener('click', () => $('file').click());
$('file').addEventListener('change', async () => {
  const file = $('file').files[0];
  $('file').value = '';
  if (!file) { return; }
  say('', W.t('voice.pack.reading'));
  const answer = await send('/voice/pack', file);
  if (!answer || !answer.ok) { say('bad', refusal(answer)); return; }
  const { clips, speaker } = answer.content;
  if (took(await calls.get('/voice'))) {
    language = answer.content.language;
    picked = spoken().clips[0].name;
    say('good', W.t('voice.pack.taken', { n: clips, speaker: speaker || W.t('voice.speaker.unknown') }));
    draw();
  }
});
$('make').addEventListener('click', async () => {
  busy = true;
  say('', W.t('voice.making'));
  draw();
  const answer = await calls.post('/voice/make', {});
  busy = false;
  if (took(answer)) { say('good', W.t('voice.made')); }
  draw();
});

function build(clip) {
  const row = make('li');
  const choose = make('button', 'choose');
  const listen = make('button', 'listen');
  choose.type = 'button';
  listen.type = 'button';
  choose.addEventListener('click', () => {
    pick(row.dataset.key);
    $('words').focus();
  });
  listen.addEventListener('click', () => play(path(row.dataset.key)));
  const remove = twice(async () => {
    if (took(await calls.post(path(row.dataset.key) + '/remove', {}))) { say('good', W.t('voice.removed')); }
  });
  row.append(make('span', 'words'), make('span', 'origin'), choose, listen, remove);
  return row;
}

function fillRow(row, clip) {
  row.className = [clip.name === picked ? 'picked' : '', clip.origin || (clip.needed ? 'lacks' : '')].join(' ').trim();
  setText(row.querySelector('.words'), words(clip));
  setText(row.querySelector('.origin'), origin(clip));
  for (const act of ['choose', 'listen']) {
    const button = row.querySelector('.' + act);
    setText(button, W.t('voice.' + act));
    button.setAttribute('aria-label', W.t('voice.' + act) + ': ' + words(clip));
    button.disabled = Boolean(stop) || busy || (act === 'listen' && !clip.origin);
  }
  row.lastElementChild.hidden = clip.origin !== 'own';
  row.lastElementChild.words({
    ask: W.t('voice.remove'), about: words(clip), sure: W.t('voice.remove.sure'), then: W.t('voice.remove.then'),
  });
}

function draw() {
  setText($('record'), W.t(stop ? 'voice.stop' : 'voice.record'));
  if (!spoken()) { return; }
  const clip = clipNamed(picked);
  const { clips, speaker } = spoken();
  const needed = clips.filter(wanted);
  const own = needed.filter((one) => one.origin === 'own');
  $('silent').hidden = voice.enabled;
  const choice = $('voice-language');
  choice.setAttribute('aria-label', W.t('voice.language'));
  showList(choice, voice.languages.map((one) => ({ key: one.language, one })), () => make('option'), (node, { key, one }) => {
    node.value = key;
    setText(node, W.t('voice.language.' + key) + (one.spoken ? '' : ' ' + W.t('voice.unspoken')));
  });
  choice.value = language;
  choice.disabled = Boolean(stop) || busy;
  setText($('progress'), needed.length ? W.t('voice.progress', { own: own.length, n: needed.length }) : '');
  $('say').hidden = !clip || !clip.words;
  setText($('words'), clip ? words(clip) : '');
  setText($('origin'), clip ? origin(clip) : '');
  $('loud').setAttribute('aria-label', W.t('voice.loud'));
  $('no-microphone').hidden = hasMicrophone();
  $('record').disabled = busy || !hasMicrophone() || !clip;
  $('record').classList.toggle('running', Boolean(stop));
  $('listen').disabled = Boolean(stop) || busy || !clip || !clip.origin;
  $('next').disabled = Boolean(stop) || busy;
  $('make').disabled = busy;
  $('pack').href = '/api/v1/voice/' + language + '/pack';
  $('pack').hidden = !clips.some((one) => one.origin === 'own');
  if (document.activeElement !== $('speaker')) { $('speaker').value = speaker; }
  showList($('clips'), clips.map((one) => Object.assign({ key: one.name }, one)), build, fillRow);
}

openFrame('voice.title', draw);
await read();
