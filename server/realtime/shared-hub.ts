/**
 * The hub of one of several nodes: what is of the moment is said to who listens here, and told to the other nodes, which
 * say it to who listens there. How many streams a person and an address may have, each node counts for itself.
 */
import type { NodeMessage } from '../bus/node-message.ts';
import type { Person } from '../protocol/requests.ts';
import { Hub, type HubOptions } from './hub.ts';

export class SharedHub extends Hub {
  readonly #tellOthers: (message: NodeMessage) => void;
  /** What one method does by calling another is told once; and what was heard is not told again. */
  #isTold = false;

  constructor(options: HubOptions, tellOthers: (message: NodeMessage) => void) {
    super(options);
    this.#tellOthers = tellOthers;
  }

  override typing(toPersonId: string, from: string, to: string): void {
    this.#tell({ kind: 'typing', toPersonId, from, to }, () => super.typing(toPersonId, from, to));
  }

  override peersChanged(personId: string): void {
    this.#tell({ kind: 'peers', personId }, () => super.peersChanged(personId));
  }

  override tellPerson(viewerId: string, person: Person): void {
    this.#tell({ kind: 'person', viewerId, person }, () => super.tellPerson(viewerId, person));
  }

  override presenceChanged(person: Person): void {
    this.#tell({ kind: 'shows', personId: person.id }, () => super.presenceChanged(person));
  }

  override newcomer(person: Person): void {
    this.#tell({ kind: 'newcomer', person }, () => super.newcomer(person));
  }

  override endSession(tokenHash: string): void {
    this.#tell({ kind: 'ended', tokenHash }, () => super.endSession(tokenHash));
  }

  /** What another node told, for those who listen here: `act` calls a method of this hub. */
  onlyHere(act: () => void): void {
    const wasTold = this.#isTold;
    this.#isTold = true;
    try {
      act();
    } finally {
      this.#isTold = wasTold;
    }
  }

  #tell(message: NodeMessage, act: () => void): void {
    if (!this.#isTold) this.#tellOthers(message);
    this.onlyHere(act);
  }
}
