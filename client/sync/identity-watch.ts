/** Whether this page's person is still the one whom this device belongs to: another tab may have signed in or out. */
import type { Person } from '../../server/protocol/requests.ts';
import { onIdentity, readIdentity, readLeft, rememberFormer } from '../store/device.ts';
import { watchPageLife } from './page-life.ts';

export interface IdentityWatch {
  /** They have signed out in another tab, and all of theirs is being deleted. */
  onLeft: () => void;
  /** Somebody else signed in, or they themselves are back. */
  onChanged: () => void;
  report: (error: unknown) => void;
}

/** The answer ends it. */
export function watchIdentity(me: Person, { onLeft, onChanged, report }: IdentityWatch): () => void {
  let seen = me.id;
  const look = async () => {
    if ((await readLeft()).includes(me.id)) return onLeft();
    const now = (await readIdentity())?.id;
    // A device that has forgotten everything says nothing of who is signed in.
    if (now === undefined || now === seen) return;
    seen = now;
    if (now !== me.id) await rememberFormer(me);
    onChanged();
  };
  const lookNow = () => void look().catch(report);
  // What was said while the page was frozen has not been heard.
  const stops = [
    onIdentity(lookNow),
    watchPageLife({ onBack: lookNow, onSeen: (visible) => visible && lookNow() }),
  ];
  return () => stops.forEach((stop) => stop());
}
