/** The frames of a WebSocket (RFC 6455, section 5.2): unmasked texts in, masked ones out. Of one piece each, no pings. */

const textOpcode = 1;
const finalBit = 0x80;
const maskBit = 0x80;

/** Masked with zeros, which changes nothing: the mask protects proxies, and there is none here. */
export function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const size =
    length < 126
      ? Buffer.from([maskBit | length])
      : length < 65_536
        ? Buffer.from([maskBit | 126, length >> 8, length & 255])
        : Buffer.from([
            maskBit | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ]);
  return Buffer.concat([Buffer.from([finalBit | textOpcode]), size, Buffer.alloc(4), payload]);
}

/** Takes the head of the answer off, and the texts out of the frames. */
export function webSocketReader(onText: (text: string) => void): (bytes: Buffer) => void {
  let isHeadRead = false;
  let left: Buffer = Buffer.alloc(0);

  return (bytes) => {
    let buffer = left.length > 0 ? Buffer.concat([left, bytes]) : bytes;
    if (!isHeadRead) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end < 0) {
        left = buffer;
        return;
      }
      if (!buffer.toString('latin1', 0, 12).endsWith(' 101')) throw new Error('The upgrade was refused.');
      isHeadRead = true;
      buffer = buffer.subarray(end + 4);
    }
    let at = 0;
    while (buffer.length - at >= 2) {
      const short = buffer[at + 1]! & 127;
      const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
      if (buffer.length < start) break;
      const size =
        short === 127 ? buffer.readUInt32BE(at + 6) : short === 126 ? buffer.readUInt16BE(at + 2) : short;
      if (buffer.length < start + size) break;
      if ((buffer[at]! & 15) === textOpcode) onText(buffer.toString('latin1', start, start + size));
      at = start + size;
    }
    left = buffer.subarray(at);
  };
}
