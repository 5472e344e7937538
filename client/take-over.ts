/** What a page does when a newer version has taken over. Decided here, acted on in service-worker.ts. */

/** Why this page asked the newer version to take over, if it did. */
export type Wish = 'none' | 'start' | 'pressed';

export function afterTakeOver(now: {
  /** False for the very first version, which comes to a page that was loaded without one. */
  wasControlled: boolean;
  wish: Wish;
  isWriting: boolean;
}): 'nothing' | 'reload' | 'offer' {
  if (!now.wasControlled) return 'nothing';
  if (now.wish === 'pressed') return 'reload';
  return now.wish === 'start' && !now.isWriting ? 'reload' : 'offer';
}
