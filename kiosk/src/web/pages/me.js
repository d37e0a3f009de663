// Who is signed in at this browser, for the head of a page.

const W = window.Words;

/** Asks the server once; null while nobody is signed in or the server is away. */
export async function askMe() {
  const answer = await fetch('/api/v1/me').catch(() => null);
  return answer && answer.ok ? answer.json() : null;
}

/** Whether somebody may see the pages of supervisors. */
export function leads(me) {
  return Boolean(me) && (me.role === 'supervisor' || me.role === 'admin');
}

/** The name of a person; a device has none. */
export function nameOf(me) {
  if (!me) { return ''; }
  return me.name || W.t('me.device');
}
