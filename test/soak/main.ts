/** `npm run soak -- --minutes 60`: a steady load for so long, and whether anything grows. */
import { rmSync, writeFileSync } from 'node:fs';
import { positiveNumber, runCommand, wholeNumber } from '../../apps/auditor/command.js';
import { keepFolder } from '../crash/program.js';
import { runSoak } from './soak.js';
import { round, sumOf } from './verdict.js';

const HELP = `npm run soak -- [options]

Puts a steady load on workers, a server and a database of its own, without any harm, and looks all the time at the memory of the processes and
at the tables. It fails when anything has grown: the second quarter of the time is compared with the last; and when the processes
ask too much of the database in a minute in which there is nothing to do.

  --minutes <n>   how long; default 60
  --rate <n>      scenes of the load begun in a second, each one to three operations; default 40
  --seed <n>      default 42
  --json <file>   all samples as JSON
  --help
`;

process.exitCode = await runCommand({
  name: 'soak',
  help: HELP,
  options: {
    ...{ minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '40' }, seed: { type: 'string', default: '42' } },
    json: { type: 'string' },
  },
  run: async (values) => {
    const outcome = await runSoak({
      minutes: positiveNumber('--minutes', values.minutes),
      rate: positiveNumber('--rate', values.rate),
      seed: wholeNumber('--seed', values.seed),
      log: (line) => console.log(`${(performance.now() / 1000).toFixed(0).padStart(6)} s  ${line}`),
    });
    console.log(`\n${outcome.acknowledged} operations acknowledged, ${outcome.ended} runs ended in ${outcome.minutes} minutes; ${sumOf(outcome.idle.calls)} statements in an idle minute afterwards, of all processes (at most ${outcome.idle.most}).\n`); // prettier-ignore
    const width = Math.max(...outcome.measures.map(({ what }) => what.length));
    for (const { what, unit, before, after, most } of outcome.measures)
      console.log(`${what.padEnd(width)}  ${round(before)} → ${round(after)} ${unit} (at most ${round(most)})`);
    for (const violation of outcome.violations) console.log(`\n${violation}`);
    if (values.json) writeFileSync(values.json, `${JSON.stringify(outcome, null, 2)}\n`);
    if (outcome.violations.length === 0) rmSync(outcome.folder, { recursive: true, force: true });
    else {
      keepFolder(outcome.folder);
      console.log(`\nLogs, data and the journal are in ${outcome.folder}.`);
    }
    return outcome.violations.length === 0 ? 0 : 1;
  },
});
