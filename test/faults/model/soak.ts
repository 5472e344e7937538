/** `npm run soak:model`: new stories for MODEL_SECONDS (ten minutes if not set), until one breaks a promise. */
import { search, summary, tell } from './search.ts';

const seconds = Number(process.env['MODEL_SECONDS'] || 600);
const until = performance.now() + seconds * 1_000;
let seed = Number(process.env['MODEL_SEED'] || Date.now() % 1_000_000_000);
for (; performance.now() < until; seed += 10) {
  const findings = await search({ seed, runs: 500 });
  console.log(`seed ${seed}: ${summary(findings)}`);
  if (!findings.failure) continue;
  console.log(tell(findings.failure));
  process.exitCode = 1;
  break;
}
