/** What is stored costs a start nothing: from the command to the first answer, and the memory then; and bytes on disk. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Lab } from '../load/lab.ts';
import type { Stage } from '../load/stage.ts';
import { nothingSent, type Outcome, type Scenario } from './scenario.ts';
import { filledStage } from './storm.ts';

export const start: Scenario = {
  name: 'start',
  tables: [
    {
      name: 'start',
      title: 'A start with 1,000,000 messages stored',
      figures: [
        { key: 'seconds', title: 'until it answers, s', digits: 2 },
        { key: 'emptySeconds', title: 'the same with none, s', digits: 2 },
        { key: 'megabytes', title: 'memory then, MB', digits: 0 },
        { key: 'emptyMegabytes', title: 'the same with none, MB', digits: 0 },
        { key: 'bytesEach', title: 'bytes on disk a message', digits: 0 },
      ],
    },
  ],
  isFor: ({ name }) => name === 'opentalk',
  async measure(lab: Lab): Promise<Outcome> {
    const stage = filledStage(lab);
    const empty = await startWith(lab, { people: 1 });
    const filled = await startWith(lab, stage);
    const messages = stage.people * (stage.olderEach + stage.newerEach);
    return {
      figures: {
        seconds: filled.seconds,
        emptySeconds: empty.seconds,
        megabytes: filled.megabytes,
        emptyMegabytes: empty.megabytes,
        bytesEach: (filled.bytes - empty.bytes) / messages,
      },
      verdict: nothingSent,
    };
  },
};

async function startWith(lab: Lab, stage: Stage) {
  await lab.prepare(stage);
  const bytes = readdirSync(lab.folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.includes('.db'))
    .reduce((sum, file) => sum + statSync(path.join(lab.folder, file)).size, 0);
  const began = performance.now();
  await lab.run();
  const response = await fetch(`http://127.0.0.1:${lab.port}/healthz`);
  if (!response.ok) throw new Error(`It answered with ${response.status}.`);
  const seconds = (performance.now() - began) / 1000;
  const megabytes = (await lab.residentBytes()) / 1e6;
  await lab.end();
  return { seconds, megabytes, bytes };
}
