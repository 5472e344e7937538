/**
 * What lost packets cost on TCP: nothing is missing in the end, but it waits until it has been said again, and all behind
 * it waits too. As a model, because a proxy sees streams and not packets: a packet that is lost comes after one
 * retransmission timeout, which doubles each time that it is lost again (RFC 6298, 2.4 and 5.5). Faster ways to notice a
 * loss need packets behind the lost one; where people chat there are mostly none.
 */

interface Line {
  lossRate: number;
  rttMs: number;
  random: () => number;
}

const segmentBytes = 1_448;
/** What systems use; the RFC's second is for connections that begin. */
const leastTimeoutMs = 200;
const firstTimeoutMs = 1_000;
/** No line is so bad that nothing ever comes. */
const mostLosses = 7;

/** How much later so many bytes are there: as late as the packet of them that was lost most often. */
export function retransmissionMs(bytes: number, line: Line): number {
  const segments = Math.ceil(bytes / segmentBytes);
  let lateMs = 0;
  for (let n = 0; n < segments; n += 1) {
    lateMs = Math.max(lateMs, afterLosses(lossesInARow(line.lossRate, line.random), timeoutMs(line.rttMs)));
  }
  return lateMs;
}

/** Until a connection can be spoken on: one round trip, and a second, two, four … for each time that one way of it was lost. */
export function handshakeMs({ lossRate, rttMs, random }: Line): number {
  const eitherWay = 1 - (1 - lossRate) ** 2;
  return rttMs + afterLosses(lossesInARow(eitherWay, random), firstTimeoutMs);
}

/** What was said into nothing for `waitedMs`: how long after it was first said it is said next. */
export function nextRetransmissionMs(waitedMs: number, rttMs: number): number {
  let losses = 1;
  while (losses < mostLosses && afterLosses(losses, timeoutMs(rttMs)) < waitedMs) losses += 1;
  return Math.max(waitedMs, afterLosses(losses, timeoutMs(rttMs)));
}

const timeoutMs = (rttMs: number) => rttMs + leastTimeoutMs;
const afterLosses = (losses: number, firstMs: number) => firstMs * (2 ** losses - 1);

function lossesInARow(rate: number, random: () => number): number {
  let losses = 0;
  while (losses < mostLosses && random() < rate) losses += 1;
  return losses;
}
