/** The lab: the real server with people in it, a bad network before it, and the page that turns its dials. */
import { startDemoServer } from './demo-server.ts';
import { LabNetwork } from './lab-network.ts';
import { startLabServer } from './lab-server.ts';
import { seededRandom } from './reply.ts';
import { startTown, type Town } from './town.ts';

export interface Lab {
  /** The app, through the network. */
  appUrl: string;
  dialsUrl: string;
  people: Town['people'];
  close(): Promise<void>;
}

export interface LabOptions {
  port: number;
  dialsPort: number;
  seed: number;
  pace: number;
  report: (error: unknown) => void;
}

/** The people are at the server itself: the bad network is the visitor's alone. */
export async function startLab({ port, dialsPort, seed, ...town }: LabOptions): Promise<Lab> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.toReversed()) await end();
  };
  try {
    const server = await startDemoServer(0);
    closing.push(() => server.remove());
    const network = await LabNetwork.start(server.port, port, seededRandom(seed));
    closing.push(() => network.close());
    const dials = await startLabServer(network, dialsPort);
    closing.push(() => dials.close());
    const { people, close: leave } = await startTown(server.url, { seed, ...town });
    closing.push(leave);
    return { appUrl: `http://localhost:${network.port}`, dialsUrl: dials.url, people, close };
  } catch (error) {
    await close();
    throw error;
  }
}
