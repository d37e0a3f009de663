// What the clerk's own PC brings: a scanner on its serial port, and sound. One question sets both up.

import { setText } from './dom.js';
import { BAUDS } from './serial.js';

const W = window.Words;
const $ = (id) => document.getElementById(id);
const HEARD = ['taken', 'repeat', 'refused'];

/** Words in the header for what is not as usual, and the question behind the button. */
export function openEquipment({ panel, serial, sound }) {
  function sounds() {
    const off = sound.state === 'muted';
    const answers = [{ text: W.t(off ? 'sound.unmute' : 'sound.mute'), act: () => sound.mute(!off) }];
    if (!off) { answers.push(...HEARD.map((kind) => ({ text: W.t('sound.hear.' + kind), stays: true, act: () => sound.play(kind) }))); }
    return { title: W.t('sound.title'), answers };
  }

  function ports() {
    const on = serial.state !== 'off';
    const open = on ? { text: W.t('serial.close'), act: serial.close } : { text: W.t('serial.choose'), act: serial.choose };
    return { title: on ? W.t('serial.title', { state: W.t('serial.' + serial.state) }) : W.t('serial.title.off'), answers: [open] };
  }

  function speeds() {
    return {
      title: W.t('serial.speed'),
      answers: BAUDS.map((baud) => ({
        text: baud === serial.baud ? W.t('serial.speed.now', { baud }) : String(baud), act: () => serial.setBaud(baud),
      })),
    };
  }

  function ask() {
    const groups = sound.state === 'none' ? [] : [sounds()];
    if (serial.supported) { groups.push(ports(), speeds()); }
    panel.open({ about: null, question: W.t('equipment.question'), hint: W.t('panel.keys'), groups });
  }

  function draw() {
    setText($('com'), serial.state === 'off' ? '' : W.t('serial.line', { state: W.t('serial.' + serial.state) }));
    $('com').className = serial.state === 'lost' || serial.state === 'taken' ? 'alarm' : '';
    setText($('sound'), sound.state === 'muted' ? W.t('sound.muted') : sound.state === 'blocked' ? W.t('sound.blocked') : '');
    $('equipment').hidden = !serial.supported && sound.state === 'none';
  }

  return { ask, draw };
}
