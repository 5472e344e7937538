/** Whether the app can be put on the home screen from here, and whether now is the moment to say so. */

export interface InstallFacts {
  /** Runs as an app of its own already, or was installed from this page. */
  isInstalled: boolean;
  /** The browser lets a button install it. */
  canPrompt: boolean;
  /** iPhone and iPad: only the person can, by the share sheet. */
  isIos: boolean;
  /** Times the app was opened, this one included. */
  visits: number;
  hasSent: boolean;
  /** When the person last said "not now", in ms; 0 for never. */
  putOffAt: number;
}

const putOffMs = 30 * 24 * 60 * 60 * 1_000;

export function installWay({
  isInstalled,
  canPrompt,
  isIos,
}: InstallFacts): 'button' | 'share-sheet' | 'none' {
  if (isInstalled) return 'none';
  if (canPrompt) return 'button';
  return isIos ? 'share-sheet' : 'none';
}

/** Not before the person knows what it is good for, and not again soon after a "not now". */
export function isMomentToOffer({ visits, hasSent, putOffAt }: InstallFacts, now: number): boolean {
  return (visits >= 2 || hasSent) && now - putOffAt >= putOffMs;
}
