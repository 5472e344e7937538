/** `npm run lab`: the demo behind a network that is as bad as one likes. */
import { readDemoSettings, runUntilStopped } from './demo-server.ts';
import { startLab } from './start-lab.ts';

await runUntilStopped(async () => {
  const { port, seed } = readDemoSettings(process.env);
  const dialsPort = port === 0 ? 0 : port + 1;
  const lab = await startLab({ port, dialsPort, seed, pace: 1, report: console.error });
  console.log(`
The dials of the network:   ${lab.dialsUrl}
OpenTalk, through it:       ${lab.appUrl}

Put both windows side by side, pick a nick, and write to ${lab.people[0]!.nick}. Then go into a tunnel and write on; close the app
and open it again; take the train. Everything is gone when it ends: Ctrl-C.
`);
  return lab;
});
