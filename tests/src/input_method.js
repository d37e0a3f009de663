// A Vietnamese input method and whoever types through it, for stories: put into the page under test.
//
// `simulation.type(list)` types each item `{text, method, way, hands}` into the page as keys would come
// from a browser, and answers what the box held, whether the method had a hand in it, and what the page
// said. Methods: `telex`, `vni`, `off`. Ways of a method to put its letters in place of those typed:
// - `packets`: swallows the key, then Backspaces and letters that come as keys without a place (Windows
//   hooks such as Unikey do so);
// - `silent`: the same, but the letters come without a key;
// - `select`: Shift+Left over what is to be replaced, then letters (browser fix of the same programs);
// - `paste`: Backspaces, then the clipboard;
// - `compose`: keys named Process with their places, letters by composition (Microsoft's own, ibus).
// Time is that of the events: nothing waits.
(function () {
  'use strict';

  const TONES = ['\u0301', '\u0300', '\u0309', '\u0303', '\u0323'];
  const HATS = { a: '\u0302', e: '\u0302', o: '\u0302' };
  const isVowel = (sign) => /[aeiouy]/i.test(sign.normalize('NFD')[0]);
  const base = (sign) => sign.normalize('NFD')[0];
  const marks = (sign) => sign.normalize('NFD').slice(1);

  // What a word becomes with one more sign; null: the sign itself.
  function put(word, place, mark) {
    const marked = (base(word[place]) + marks(word[place]) + mark).normalize('NFC');
    return word.slice(0, place) + marked + word.slice(place + 1);
  }

  function toned(word, tone, sign) {
    const place = [...word].findLastIndex(isVowel);
    if (place < 0) { return null; }
    const old = marks(word[place]);
    const plain = [...old].filter((one) => !TONES.includes(one)).join('');
    const bare = word.slice(0, place) + (base(word[place]) + plain).normalize('NFC') + word.slice(place + 1);
    // The same tone twice takes it back and types the sign.
    if (tone !== null && old.includes(tone)) { return bare + sign; }
    if (tone === null) { return old === plain ? null : bare; }
    return put(bare, place, tone);
  }

  function hatted(word, vowels, mark) {
    const place = [...word].findLastIndex((sign) => vowels.includes(base(sign).toLowerCase()));
    if (place < 0 || marks(word[place]).includes(mark)) { return null; }
    return put(word, place, mark);
  }

  function barred(word) {
    const place = [...word].findLastIndex((sign) => /d/i.test(sign));
    if (place < 0) { return null; }
    return word.slice(0, place) + (word[place] === 'D' ? 'Đ' : 'đ') + word.slice(place + 1);
  }

  const telex = (word, sign) => {
    const key = sign.toLowerCase();
    if ('sfrxj'.includes(key)) { return toned(word, TONES['sfrxj'.indexOf(key)], sign); }
    if (key === 'z') { return toned(word, null, sign); }
    if (HATS[key] && word && base(word.at(-1)).toLowerCase() === key) { return hatted(word, key, HATS[key]); }
    if (key === 'w') { return hatted(word, 'a', '\u0306') || hatted(word, 'ou', '\u031b') || word + (sign === 'W' ? 'Ư' : 'ư'); }
    return key === 'd' && word.at(-1) && /d/i.test(word.at(-1)) ? barred(word) : null;
  };
  const vni = (word, sign) => {
    if (!/\d/.test(sign) || word === '') { return null; }
    const digit = Number(sign);
    if (digit <= 5) { return toned(word, digit === 0 ? null : TONES[digit - 1], sign); }
    if (digit === 6) { return hatted(word, 'aeo', '\u0302'); }
    if (digit === 7) { return hatted(word, 'ou', '\u031b'); }
    return digit === 8 ? hatted(word, 'a', '\u0306') : barred(word);
  };
  const METHODS = { telex, vni, off: () => null };

  const PLACES = { '-': 'Minus', '.': 'Period', '/': 'Slash', ':': 'Semicolon', '?': 'Slash', '=': 'Equal', '|': 'Backslash', ' ': 'Space', '+': 'Equal', ']': 'BracketRight' };
  function key(sign, caps) {
    const letter = /[a-z]/i.test(sign);
    const shiftKey = letter ? sign === sign.toUpperCase() : ':?|+'.includes(sign);
    const code = letter ? 'Key' + sign.toUpperCase() : /\d/.test(sign) ? 'Digit' + sign : PLACES[sign];
    const typed = letter && caps ? (shiftKey ? sign.toLowerCase() : sign.toUpperCase()) : sign;
    return { key: typed, code, shiftKey, keyCode: typed.toUpperCase().charCodeAt(0) };
  }

  let now = performance.now();
  const stamped = (event) => { Object.defineProperty(event, 'timeStamp', { value: now }); return event; };

  // Whether the browser would go on and type.
  function down(how) {
    const event = stamped(new KeyboardEvent('keydown', Object.assign({ bubbles: true, cancelable: true }, how)));
    return document.activeElement.dispatchEvent(event);
  }

  function edit(change, inputType, isComposing) {
    const box = document.activeElement;
    if (box.tagName !== 'INPUT') { return; }
    box.value = change(box.value);
    box.dispatchEvent(stamped(new InputEvent('input', { bubbles: true, inputType, isComposing })));
  }

  const insert = (text, type) => edit((value) => value + text, type || 'insertText', false);

  function backspace() {
    down({ key: 'Backspace', code: 'Backspace', keyCode: 8 });
    edit((value) => value.slice(0, -1), 'deleteContentBackward', false);
  }

  // Puts `letters` in place of the last `count` signs.
  function replace(way, count, letters) {
    if (way === 'select') {
      for (let i = 0; i < count; i += 1) { down({ key: 'ArrowLeft', code: 'ArrowLeft', shiftKey: true, keyCode: 37 }); }
      document.activeElement.value = document.activeElement.value.slice(0, document.activeElement.value.length - count);
    } else { for (let i = 0; i < count; i += 1) { backspace(); } }
    if (way === 'paste') {
      down({ key: 'v', code: 'KeyV', ctrlKey: true, keyCode: 86 });
      insert(letters, 'insertFromPaste');
    } else {
      for (const letter of letters) {
        if (way !== 'silent') { down({ key: letter, code: '', keyCode: 231 }); }
        insert(letter);
      }
    }
  }

  function tap(sign, caps, word, method, way) {
    const made = method(word, sign);
    if (made === null) {
      if (down(key(sign, caps))) { insert(key(sign, caps).key); }
      // Letters go on with the word, everything else begins another.
      return { word: /[a-z]/i.test(sign) ? word + key(sign, caps).key : '', touched: false };
    }
    let same = 0;
    while (same < word.length && word[same] === made[same]) { same += 1; }
    replace(way, word.length - same, made.slice(same));
    return { word: made, touched: true };
  }

  // Keys keep their places; the letters are a composition that an end of word or line commits.
  function compose(item, pause) {
    const box = () => document.activeElement;
    const method = METHODS[item.method];
    let word = '';
    let touched = false;
    let kept = null;
    const commit = () => {
      if (kept === null) { return; }
      kept = null;
      box().dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: word }));
      word = '';
    };
    for (const sign of item.text) {
      now += pause();
      const made = method(word, sign);
      if (made === null && !/[a-z]/i.test(sign)) {
        commit();
        if (down(key(sign, item.caps))) { insert(key(sign, item.caps).key); }
        continue;
      }
      down(Object.assign(key(sign, item.caps), { key: 'Process', keyCode: 229, isComposing: kept !== null }));
      if (kept === null) { kept = box().value; box().dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true })); }
      touched = touched || made !== null;
      word = made === null ? word + key(sign, item.caps).key : made;
      edit(() => kept + word, 'insertCompositionText', true);
    }
    const held = box().value;
    now += pause();
    down({ key: kept === null ? 'Enter' : 'Process', code: 'Enter', keyCode: kept === null ? 13 : 229, isComposing: kept !== null });
    commit();
    return { held, touched };
  }

  function hooked(item, pause) {
    const method = METHODS[item.method];
    let word = '';
    let touched = false;
    for (const sign of item.text) {
      now += pause();
      const done = tap(sign, item.caps, word, method, item.way);
      word = done.word;
      touched = touched || done.touched;
    }
    const held = document.activeElement.value;
    now += pause();
    down({ key: 'Enter', code: 'Enter', keyCode: 13 });
    return { held, touched };
  }

  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));

  async function type(list) {
    const answers = [];
    const said = document.getElementById('said');
    const onTheWay = ['scan.sending', 'scan.stuck'].map((word) => window.Words.t(word));
    for (const item of list) {
      now = Math.max(now + 1000, performance.now());
      let at = 0;
      const pause = () => { at = (at + 1) % item.pauses.length; return item.pauses[at]; };
      const typed = item.way === 'compose' ? compose(item, pause) : hooked(item, pause);
      do { await frame(); } while (onTheWay.some((words) => said.textContent.includes(words)));
      answers.push(Object.assign(typed, { said: said.textContent, left: document.getElementById('box').value }));
    }
    return answers;
  }

  // Everything that this page ever puts into the browser's storage.
  const stored = [];
  const real = Storage.prototype.setItem;
  Storage.prototype.setItem = function setItem(name, value) { stored.push(String(value)); return real.call(this, name, value); };

  window.simulation = { type, stored };
}());
