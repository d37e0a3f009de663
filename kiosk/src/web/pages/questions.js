// The questions a clerk answers before an act, and what a queue ticket in the scan box offers.

const W = window.Words;
const PURPOSES = ['receive', 'supplement', 'return', 'look-up'];

/** Opens questions in `panel`; the answers become acts. */
export function openQuestions({ model, panel, acts, purposes, say, changed, inHand }) {
  const find = (list, id) => (model.doc ? model.doc[list].find((one) => one.id === id) : undefined);

  function hold() {
    const hand = inHand();
    if (!hand) { return; }
    // No other act's key: a hurried F8 after F6 means the act on the button.
    const reasons = [['hold.papers', 'F6'], ['hold.outside'], ['hold.other']];
    panel.open({
      about: hand.id,
      question: W.t('hold.question', { number: hand.number }),
      hint: W.t('panel.keys'),
      groups: [{
        answers: reasons.map(([word, key]) => ({
          key, text: W.t(word), act: () => acts.onTicket('hold', hand, { reason: W.t(word).toLowerCase() }),
        })),
      }],
    });
  }

  function transfer() {
    const hand = inHand();
    if (!hand) { return; }
    const { names, counters } = model.doc;
    const to = (body) => () => acts.onTicket('transfer', hand, body);
    panel.open({
      about: hand.id,
      question: W.t('transfer.question', { number: hand.number }),
      hint: W.t('panel.keys'),
      groups: [
        {
          title: W.t('transfer.services'),
          answers: Object.keys(names).filter((letter) => letter !== hand.service)
            .map((letter) => ({ text: letter + ' · ' + W.text(names[letter]), act: to({ service: letter }) })),
        },
        {
          title: W.t('transfer.counters'),
          answers: counters.filter((n) => n !== model.number)
            .map((n) => ({ text: W.t('counter', { n }), act: to({ counter: n }) })),
        },
      ].filter((group) => group.answers.length > 0),
    });
  }

  /** A ticket of the waiting list was chosen. */
  function choose(id) {
    const ticket = find('waiting', id);
    const hand = inHand();
    if (!ticket) { return; }
    if (hand) { say('bad', W.t('chosen.busy', { number: hand.number })); return; }
    panel.open({
      about: id,
      question: W.t('chosen.question', { number: ticket.number }) + (ticket.dossier ? ' (' + W.t('queue.dossier', { dossier: ticket.dossier }) + ')' : ''),
      hint: W.t('panel.keys'),
      groups: [{
        answers: ['chosen.short', 'chosen.help', 'chosen.back', 'chosen.other'].map((word) => ({
          text: W.t(word), act: () => acts.onCounter('call', { ticket: id, reason: W.t(word).toLowerCase() }),
        })),
      }],
    });
  }

  function purpose() {
    const usual = model.doc ? model.doc.counter.purpose : 'receive';
    panel.open({
      about: null,
      question: W.t('purpose.question'),
      hint: W.t('panel.keys'),
      groups: [{
        answers: PURPOSES.map((one) => ({
          text: one === usual ? W.t('purpose.usual', { purpose: W.t('purpose.' + one) }) : W.t('purpose.' + one),
          act() { purposes.say(one === usual ? null : one); },
        })),
      }],
    });
  }

  /** Nobody can tell whether the dossier software has a scan: the clerk looks there and says so. */
  function settle(id) {
    const scan = model.doc && model.doc.scans.find((one) => one.id === id);
    panel.open({
      about: null,
      question: [scan && scan.dossier, W.t('settle.question')].filter(Boolean).join(' · '),
      hint: W.t('panel.keys'),
      groups: [{
        answers: ['taken', 'again', 'dropped'].map((decision) => ({
          text: W.t('settle.' + decision), act: () => acts.onScan('settle', id, { decision }),
        })),
      }],
    });
  }

  function resume(id) {
    const ticket = find('away', id) || { id, number: '' };
    model.offer = null;
    model.notice = null;
    acts.onTicket('resume', ticket);
  }

  /** A slip that brings the citizen of a held number back, with why and which papers. */
  function returnSlip(id) {
    const ticket = find('away', id);
    if (ticket) { acts.onSlip('re-entry', { ticket: id }, ticket); }
  }

  /** A slip of the queue was held to the scanner: offer what its citizen may need. */
  async function ticketScanned(problem, isLatest) {
    if (!isLatest || !problem.ticket) { return; }
    let ticket = find('away', problem.ticket);
    if (!ticket) {
      ticket = await fetch('/api/v1/tickets/' + encodeURIComponent(problem.ticket))
        .then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    }
    if (!ticket) { return; }
    const state = W.t('state.' + ticket.state);
    const away = ticket.state === 'held' || ticket.state === 'parked';
    const deferred = ticket.state === 'deferred';
    const text = deferred ? 'ticket.deferred' : away ? 'ticket.away' : 'ticket.state';
    model.notice = { tone: deferred ? 'soft' : 'bad', text: W.t(text, { number: ticket.number, state }) };
    const offer = W.t(deferred ? 'act.return' : 'act.resume.long');
    model.offer = away || deferred ? { text: offer, act: () => resume(ticket.id) } : null;
    changed();
  }

  /** A broken stream gives no reason; a plain request for the same address does. */
  async function whyDown(address) {
    const enough = new AbortController();
    const answer = await fetch(address, { signal: enough.signal }).catch(() => null);
    if (!answer) { return; }
    model.signedOut = answer.status === 401;
    model.unknown = answer.status === 404;
    enough.abort();
    changed();
  }

  const stillWaits = (id) => Boolean(find('waiting', id));

  return { hold, transfer, choose, purpose, settle, resume, returnSlip, ticketScanned, whyDown, stillWaits };
}
