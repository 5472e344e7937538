/** nchan has channels and no chat: a device listens to its own and to everybody's; who sends publishes there, one by one. */
import { eventReader, Requests } from './http-wire.ts';
import { dial, type Device, type Listening, type Wire } from './wire.ts';

export const nchanWire: Wire = {
  echoes: false,
  connect(port, { nick, onEvent }: Listening): Device {
    const ready = Promise.withResolvers<void>();
    const stream = dial(port);
    stream.write(
      `GET /subscribe?nick=${nick} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`,
    );
    // It says hello by a comment.
    stream.once('data', () => ready.resolve());
    stream.on('data', eventReader(onEvent));
    stream.on('error', ready.reject);
    stream.on('close', () => ready.reject(new Error('The stream was closed.')));
    ready.promise.catch(() => undefined);
    let requests: Requests | undefined;
    const publish = (to: string, body: unknown) =>
      (requests ??= new Requests(port, nick)).post(`/publish?to=${to}`, body);
    return {
      opened: ready.promise,
      ready: ready.promise,
      async send(drafts) {
        for (const draft of drafts) await publish(draft.to, { ...draft, from: nick });
      },
      announce: (name) => publish('everybody', { nick: name, online: true }),
      close() {
        stream.destroy();
        requests?.close();
      },
    };
  },
};
