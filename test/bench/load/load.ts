/**
 * One run of one scenario on one server, in a process of its own, so that no run feels what another has left behind.
 * What to do comes as JSON; what came out goes to the parent.
 */
import process from 'node:process';
import { peerOf } from '../peers/peers.ts';
import { scenarioOf } from '../scenarios/scenarios.ts';
import { Lab, type Scale } from './lab.ts';

interface Order {
  scenario: string;
  peer: string;
  scale: Scale;
  scratch: string;
}

const { scenario, peer, scale, scratch } = JSON.parse(process.argv[2]!) as Order;
const lab = new Lab(peerOf(peer), scale, scratch);
// Whoever wanted to know is gone, or has waited long enough.
process.once('disconnect', () => void lab.end().then(() => process.exit(1)));
try {
  const outcome = await scenarioOf(scenario).measure(lab);
  await lab.end();
  process.send!(outcome, () => process.exit());
} catch (error) {
  console.error(error);
  await lab.end();
  process.exit(1);
}
