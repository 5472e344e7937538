/**
 * The way from this node to the others, for what may be lost on it. What is told here is heard by all the others in the
 * order in which it was told, or not at all; nothing is kept for later.
 */
import type { NodeMessage } from './node-message.ts';

export interface NodeLink {
  /** Drawn at the start: a node that comes back is another. */
  readonly nodeId: string;
  /** False while the others cannot be heard; what is told then is lost. */
  isUp(): boolean;
  tell(message: NodeMessage): void;
  end(): Promise<void>;
}

export interface LinkListener {
  /** Another node has told this. */
  onMessage: (from: string, message: NodeMessage) => void;
  /** The link is up, for the first time or again: anything may have been missed. */
  onUp: () => void;
  onDown: (reason: string) => void;
  /** Said again and again as long as the node lives. */
  hello: () => NodeMessage;
}
