/** What the load calls things: an id says who sent a message and as which of theirs, so that nothing has to be remembered. */

export function uuidOf(sender: number, number: number): string {
  return `${hex(sender, 8)}-0000-4000-8000-${hex(number, 12)}`;
}

export function senderOf(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8), 16);
}

export function numberOf(uuid: string): number {
  return Number.parseInt(uuid.slice(24), 16);
}

export function nickOf(person: number): string {
  return `p${person}`;
}

export function textOf(number: number): string {
  return `Message ${number}, as long as people write them.`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
