/**
 * How the connection looks to the person, the same in every tab of the browser.
 * Never technical: what to show for each state, and after how long, is the components' business.
 */

export type ConnectionName =
  /** On the way, for the first time or again. */
  | 'connecting'
  /** Connected, and reading what was missed. */
  | 'catching-up'
  /** Connected and up to date. */
  | 'live'
  /** No way to the server; tried again by itself. */
  | 'offline'
  /** The server does not know this session any more. Messages and queue are kept. */
  | 'signed-out'
  /** Another person is signed in on this browser. Messages and queue are kept. */
  | 'other-person';

export interface ConnectionView {
  name: ConnectionName;
  /** Since when, in ms. */
  since: number;
}
