/** What the load of `npm run bench:nodes` is told, and how large it is. */
export const senders = 64;
/** Those of the senders not counted. */
export const connections = 3_000;
/** Of how many inboxes a node asks in one look; and so many people there are. */
export const listeners = 10_000;

export interface Order {
  /** Of each node. */
  ports: number[];
  pids: { nodes: number[]; postgres: number; redis: number };
  /** Of the database. */
  url: string;
  personIds: string[];
}
