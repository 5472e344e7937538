/** A slow mobile network, as Lighthouse defines it: 150 ms there and back, 1.6 Mbit/s down, 0.75 up. */
import type { CDPSession } from 'playwright';
import type { FaultProxy } from '../../support/fault-proxy.ts';

const roundTripMs = 150;
const downBytesPerSecond = 1_638_400 / 8;
const upBytesPerSecond = 768_000 / 8;

/** For all that a page asks for; what its worker asks for is not slowed down. */
export async function slowDownPage(devtools: CDPSession): Promise<void> {
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: roundTripMs,
    downloadThroughput: downBytesPerSecond,
    uploadThroughput: upBytesPerSecond,
  });
}

/** For page and worker together, in the network itself; each connection has the whole rate. */
export function slowDownNetwork(network: FaultProxy): void {
  network.delay(roundTripMs / 2);
  network.drip(downBytesPerSecond);
}
