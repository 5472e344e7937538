/**
 * A draft that the database could not take, kept by the tab instead: it outlives a reload, though not the tab. So a page
 * that is too old for the database, or has no room in it, can be reloaded without losing what was typed.
 */
const key = (peerId: string) => `draft-${peerId}`;

/** False if that does not work either. */
export function keepSpareDraft(peerId: string, text: string): boolean {
  try {
    sessionStorage.setItem(key(peerId), text);
    return true;
  } catch (error) {
    console.error(error);
    return false;
  }
}

/** What was kept, and not any more. */
export function takeSpareDraft(peerId: string): string {
  const text = sessionStorage.getItem(key(peerId)) ?? '';
  sessionStorage.removeItem(key(peerId));
  return text;
}
