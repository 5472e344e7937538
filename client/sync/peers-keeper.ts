/**
 * Keeps what the person decided about others, and shows of themselves, in step with the server: first it is told what was
 * decided here, then it is asked for all. What could not be told stays noted, and is told when this is asked again.
 */
import type { Database } from '../store/database.ts';
import { listPeers, noteTold, replacePeers } from '../store/peers.ts';
import { notePrivacyTold, readPrivacy, replacePrivacy } from '../store/privacy.ts';
import { fetchPeers, putPeer, putPrivacy } from './server-calls.ts';

export class PeersKeeper {
  readonly #db: Database;
  readonly #report: (error: unknown) => void;
  #isDue = false;
  #working: Promise<void> | undefined;

  constructor(db: Database, report: (error: unknown) => void) {
    this.#db = db;
    this.#report = report;
  }

  refresh(): void {
    this.#isDue = true;
    this.#working ??= this.#work()
      .catch(this.#report)
      .finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      if (!(await this.#tell())) return;
      const answer = await fetchPeers(this.#db.personId);
      if (!answer) return;
      await replacePeers(this.#db, answer);
      await replacePrivacy(this.#db, answer.settings);
    }
  }

  /** False if the server could not be told of all. */
  async #tell(): Promise<boolean> {
    const as = this.#db.personId;
    for (const { id, nick, change } of await listPeers(this.#db)) {
      if (!change) continue;
      if (!(await putPeer({ id, nick }, as, change))) return false;
      await noteTold(this.#db, id, change);
    }
    const { change } = await readPrivacy(this.#db);
    if (!change) return true;
    if (!(await putPrivacy(as, change))) return false;
    await notePrivacyTold(this.#db, change);
    return true;
  }
}
