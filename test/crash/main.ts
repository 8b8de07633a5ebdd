/** By hand: `npm run crash -- --kills 30 --seed 42`. Any seed, any number of kills; prints the table, ends with 1 when something is wrong. */
import { parseArgs } from 'node:util';
import { runCampaign, tidy } from './campaign.js';
import { faultsOf, table } from './report.js';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '30' }, seed: { type: 'string', default: '42' } } });
const kills = Number(values.kills);
const outcome = await runCampaign({
  kills,
  seed: Number(values.seed),
  log: (line) => console.log(`${performance.now().toFixed(0).padStart(7)} ms  ${line}`),
});
const faults = faultsOf(outcome, { kills, steps: Math.min(10, Math.ceil(kills / 3)), transactions: 1, batches: 1 });
console.log(`\n${table(outcome)}`);
for (const fault of faults) console.log(`\n${fault}`);
if (faults.length === 0) tidy(outcome);
else console.log(`\nTraces, logs and data are in ${outcome.folder}.`);
process.exitCode = faults.length === 0 ? 0 : 1;
