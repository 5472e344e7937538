/** What Mosquitto speaks (MQTT 3.1.1), as far as a device here needs it: at least once (QoS 1), a topic a person. */
import { dial, type Device, type Listening, type Wire } from './wire.ts';

/** Types of packets, with their flags. */
const packet = {
  connect: 0x10,
  connack: 0x20,
  publish: 0x32,
  puback: 0x40,
  subscribe: 0x82,
  suback: 0x90,
  ping: 0xc0,
};
const everybody = 'everybody';
const keepAliveSeconds = 15;

export const mqttWire: Wire = {
  echoes: false,
  connect(port, { nick, onEvent }: Listening): Device {
    const ready = Promise.withResolvers<void>();
    const answers = new Map<number, () => void>();
    let lastNumber = 0;
    const socket = dial(port);
    const write = (type: number, ...parts: Buffer[]) => socket.write(packetOf(type, Buffer.concat(parts)));
    write(
      packet.connect,
      textOf('MQTT'),
      Buffer.from([4, 2]), // version 3.1.1; a clean session
      numberOf(keepAliveSeconds),
      textOf(nick),
    );
    // A client says that it is there, where the others are told so by the server.
    const pings = setInterval(() => write(packet.ping), keepAliveSeconds * 1000);
    socket.on(
      'data',
      packetReader((type, body) => {
        if (type === packet.connack) {
          write(
            packet.subscribe,
            numberOf(1),
            textOf(nick),
            Buffer.from([1]),
            textOf(everybody),
            Buffer.from([1]),
          );
        } else if (type === packet.suback) ready.resolve();
        else if (type === packet.puback) answers.get(body.readUInt16BE(0))?.();
        else if ((type & 0xf0) === 0x30) {
          const topicEnd = 2 + body.readUInt16BE(0);
          // Of what is published at most once there is nothing to acknowledge.
          const isAcknowledged = (type & 6) !== 0;
          if (isAcknowledged) write(packet.puback, body.subarray(topicEnd, topicEnd + 2));
          onEvent(body.toString('latin1', isAcknowledged ? topicEnd + 2 : topicEnd));
        }
      }),
    );
    socket.on('error', ready.reject);
    socket.on('close', () => {
      clearInterval(pings);
      ready.reject(new Error('The connection was closed.'));
    });
    ready.promise.catch(() => undefined);

    function publish(topic: string, json: string): Promise<void> {
      lastNumber = (lastNumber % 65_535) + 1;
      const number = lastNumber;
      write(packet.publish, textOf(topic), numberOf(number), Buffer.from(json));
      return new Promise((resolve) => {
        answers.set(number, () => {
          answers.delete(number);
          resolve();
        });
      });
    }

    return {
      opened: ready.promise,
      ready: ready.promise,
      async send(drafts) {
        await Promise.all(drafts.map((draft) => publish(draft.to, JSON.stringify({ ...draft, from: nick }))));
      },
      announce: (name) => publish(everybody, JSON.stringify({ nick: name, online: true })),
      close: () => void socket.destroy(),
    };
  },
};

function textOf(text: string): Buffer {
  return Buffer.concat([numberOf(Buffer.byteLength(text)), Buffer.from(text)]);
}

function numberOf(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

function packetOf(type: number, body: Buffer): Buffer {
  const head = [type];
  let length = body.length;
  do {
    head.push((length & 127) | (length > 127 ? 128 : 0));
    length >>= 7;
  } while (length > 0);
  return Buffer.concat([Buffer.from(head), body]);
}

/** Takes the packets apart. (MQTT 3.1.1, section 2.2: the length is in bytes of seven bits, the lowest first.) */
export function packetReader(onPacket: (type: number, body: Buffer) => void): (bytes: Buffer) => void {
  let left: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const buffer = left.length > 0 ? Buffer.concat([left, bytes]) : bytes;
    let at = 0;
    for (;;) {
      let start = at + 1;
      let length = 0;
      let shift = 0;
      while (start < buffer.length && buffer[start]! > 127) {
        length |= (buffer[start]! & 127) << shift;
        shift += 7;
        start += 1;
      }
      if (start >= buffer.length) break;
      length |= buffer[start]! << shift;
      start += 1;
      if (buffer.length < start + length) break;
      onPacket(buffer[at]!, buffer.subarray(start, start + length));
      at = start + length;
    }
    left = buffer.subarray(at);
  };
}
