/** Whatever ends sessions, ends here what they had opened: streams and polls at once, and the presence of who has left. */
import type { Hub } from '../realtime/hub.ts';
import type { PresenceBoardFace } from '../realtime/presence.ts';
import type { Ended } from '../store/event-store.ts';
import type { Sessions } from './sessions.ts';

/** After the commit, so that nobody who asks the store again finds them. */
export function endSessions(
  { sessions, hub, presence }: { sessions: Sessions; hub: Hub; presence: PresenceBoardFace },
  ended: Ended,
): void {
  for (const tokenHash of ended.sessions) {
    sessions.end(tokenHash);
    hub.endSession(tokenHash);
  }
  for (const { id } of ended.left) presence.drop(id);
}
