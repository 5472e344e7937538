/** What Socket.IO speaks over a WebSocket (RFC 6455; Engine.IO 4; Socket.IO 5), as far as a device here needs it. */
import { randomBytes } from 'node:crypto';
import { webSocketReader, maskedText } from './web-socket.ts';
import { dial, type Device, type Listening, type Wire } from './wire.ts';

export const socketIoWire: Wire = {
  echoes: true,
  connect(port, { nick, onEvent }: Listening): Device {
    const ready = Promise.withResolvers<void>();
    const answers = new Map<number, () => void>();
    let asked = 0;
    const socket = dial(port);
    const write = (text: string) => socket.write(maskedText(text));
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    socket.on(
      'data',
      webSocketReader((text) => {
        if (text === '2') write('3');
        else if (text.startsWith('0')) write(`40${JSON.stringify({ nick })}`);
        else if (text.startsWith('40')) ready.resolve();
        else if (text.startsWith('43')) answers.get(Number.parseInt(text.slice(2), 10))?.();
        else if (text.startsWith('42')) onEvent(text);
      }),
    );
    socket.on('error', ready.reject);
    socket.on('close', () => ready.reject(new Error('The connection was closed.')));
    ready.promise.catch(() => undefined);

    function emit(event: string, data: unknown): Promise<void> {
      asked += 1;
      const number = asked;
      return new Promise((resolve) => {
        answers.set(number, () => {
          answers.delete(number);
          resolve();
        });
        write(`42${number}${JSON.stringify([event, data])}`);
      });
    }

    return {
      opened: ready.promise,
      ready: ready.promise,
      send: (drafts) => emit('messages', drafts),
      announce: (name) => emit('session', name),
      close: () => void socket.destroy(),
    };
  },
};
