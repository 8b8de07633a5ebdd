/** By hand: `npm run crash -- --kills 30 --seed 42`. Any seed, any number of kills; prints the table, ends with 1 when something is wrong. */
import { runCommand, wholeNumber, WrongCall } from '../../apps/auditor/command.js';
import { runCampaign, tidy } from './campaign.js';
import { faultsOf, table } from './report.js';

const HELP = `npm run crash -- [options]

Kills workers and PostgreSQL with kill -9 while 10,000 records are under way, and looks whether everything that was promised came true.

  --kills <n>   how many; default 30
  --seed <n>    the same seed kills the same; default 42
  --help
`;

process.exitCode = await runCommand({
  name: 'crash',
  help: HELP,
  options: { kills: { type: 'string', default: '30' }, seed: { type: 'string', default: '42' } },
  run: async (values) => {
    const kills = wholeNumber('--kills', values.kills);
    if (kills === 0) throw new WrongCall('--kills is 0, so nothing would be shown.');
    const outcome = await runCampaign({
      kills,
      seed: wholeNumber('--seed', values.seed),
      log: (line) => console.log(`${performance.now().toFixed(0).padStart(7)} ms  ${line}`),
    });
    const faults = faultsOf(outcome, { kills, steps: Math.min(10, Math.ceil(kills / 3)), transactions: 1, batches: 1 });
    console.log(`\n${table(outcome)}`);
    for (const fault of faults) console.log(`\n${fault}`);
    if (faults.length === 0) tidy(outcome);
    else console.log(`\nTraces, logs and data are in ${outcome.folder}.`);
    return faults.length === 0 ? 0 : 1;
  },
});
