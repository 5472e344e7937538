/** `npm run demo`: the app with people in it, so that there is somebody to write to. */
import { readDemoSettings, runUntilStopped, startDemoServer } from './demo-server.ts';
import { startTown } from './town.ts';

await runUntilStopped(async () => {
  const { port, host, seed } = readDemoSettings(process.env);
  const server = await startDemoServer(port, host);
  const town = await startTown(`http://127.0.0.1:${server.port}`, { seed, pace: 1, report: console.error });
  const people = town.people.map(({ nick, language }) => `${nick} (${language})`).join(', ');
  console.log(`
OpenTalk, with people in it:  http://localhost:${server.port}

  ${people}

Pick a nick and wait a moment: somebody writes first. Then try to
  - write to one of them in any language, ask something, send only an emoji, or a very long text;
  - watch your message become sent, delivered and read; some of them come and go, and answer when they are back;
  - install the app, close it, and look what has come when you open it again;
  - stop this server with Ctrl-C while you write. For a bad network with dials there is \`npm run lab\`.

Everything is gone when it ends: Ctrl-C.
`);
  return {
    async close() {
      await town.close();
      await server.remove();
    },
  };
});
