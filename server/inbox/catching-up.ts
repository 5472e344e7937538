/** Told each time that a reader has caught up with the log, for whoever counts; costs nothing while nobody does. */
import { channel } from 'node:diagnostics_channel';

export interface CatchingUp {
  seconds: number;
}

export const catchingUp = channel('opentalk.caught-up');
