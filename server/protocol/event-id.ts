/**
 * Event ids: where in which inbox of which life of the data.
 *
 * Opaque to devices, which store and repeat them. The tag is drawn at random when the event is stored,
 * so that a server whose data went back in time cannot take a cursor of its lost future for one of its own.
 */

export interface EventId {
  /** One life of the server's data. */
  epoch: string;
  /** Place in the inbox, counted from 1; 0 is the place before the first event. */
  position: number;
  /** 48 random bits as 12 hexadecimal digits. */
  tag: string;
}

const form = /^([0-9a-z]{1,16})\.(0|[1-9][0-9]{0,15})\.([0-9a-f]{12})$/;

export function formatEventId({ epoch, position, tag }: EventId): string {
  return `${epoch}.${position}.${tag}`;
}

/** The parts of an id of ours, or undefined for anything else. Never throws, whatever a stranger sends. */
export function parseEventId(id: string): EventId | undefined {
  const parts = form.exec(id);
  if (!parts) return undefined;
  const position = Number(parts[2]);
  if (!Number.isSafeInteger(position)) return undefined;
  return { epoch: parts[1]!, position, tag: parts[3]! };
}
