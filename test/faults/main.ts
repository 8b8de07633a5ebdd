/**
 * `npm run faults -- --minutes 20 --seed 7`: any length, any seed; prints the table, ends with 1 when something is wrong.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCampaign, tidy } from './campaign.js';
import { MUTATION_NAMES, type MutationName, MUTATIONS } from './failpoints/mutations.js';
import { type Fault, FAULTS } from './nemesis.js';
import { table } from './report.js';
import { runTimers } from './timers.js';
import { writeReliability } from './write-reliability.js';

const HELP = `npm run faults -- [options]

Runs workers, a server and a database of its own under load, does harm to all of them, and has the auditor look whether what was
acknowledged is true. On a machine with two cores and nothing else to do, a minute takes some 80 seconds in all.

  --minutes <n>    how long harm is done; default 3
  --seed <n>       the same seed does the same harm; default 42
  --rate <n>       scenes of the load begun in a second, each one to three operations; default 90
  --only <faults>  only these, with commas: ${FAULTS.join(', ')}
  --timers <n>     instead: so many timers that ring at one instant, while workers are killed
  --mutations      instead: a short campaign for each known bug that the processes can be given, each of which must be found
  --mutation <bug> one of them: ${MUTATION_NAMES.join(', ')}
  --json <file>    the outcome as JSON
  --write          the outcome, with date, seed and machine, into docs/reference/reliability.md
  --keep           leaves data, logs and the journal also when nothing is wrong
`;

const { values } = parseArgs({
  options: {
    ...{ minutes: { type: 'string', default: '3' }, seed: { type: 'string', default: '42' }, rate: { type: 'string', default: '90' } },
    ...{ only: { type: 'string' }, timers: { type: 'string' }, mutation: { type: 'string' }, json: { type: 'string' } },
    ...{
      write: { type: 'boolean', default: false },
      mutations: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  },
});
const log = (line: string): void => console.log(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${line}`);
const seed = number('seed', values.seed);

if (values.help) process.stdout.write(HELP);
else if (values.mutations || values.mutation !== undefined)
  await mutate(values.mutation === undefined ? MUTATION_NAMES : [mutation(values.mutation)]);
else if (values.timers !== undefined) {
  const outcome = await runTimers(number('timers', values.timers), { seed, log });
  console.log(
    `\n${outcome.timers} timers, ${outcome.kills} kills: half of the runs had ended after ${outcome.half} ms, all after ${outcome.all} ms.`,
  );
  end(outcome, outcome);
} else {
  const outcome = await runCampaign({
    minutes: number('minutes', values.minutes),
    seed,
    rate: number('rate', values.rate),
    only: faults(values.only),
    log,
  });
  console.log(`\n${table(outcome)}`);
  if (values.write) writeReliability(outcome);
  end(outcome, outcome);
}

function end(outcome: Parameters<typeof tidy>[0] & { readonly violations: readonly string[] }, whole: object): void {
  for (const violation of outcome.violations) console.log(`\n${violation}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(whole, null, 2)}\n`);
  if (outcome.violations.length === 0 && !values.keep) tidy(outcome);
  else console.log(`\nLogs, data and the journal are in ${outcome.folder}.`);
  process.exitCode = outcome.violations.length === 0 ? 0 : 1;
}

/** Kills, zombies and ends of the database are what each of the bugs shows under. */
async function mutate(names: readonly MutationName[]): Promise<void> {
  const unseen: string[] = [];
  for (const name of names) {
    const outcome = await runCampaign({ minutes: 0.5, seed, rate: number('rate', values.rate), only: ['kill', 'failpoint', 'zombie', 'database-stop'], mutation: name, log: () => undefined }); // prettier-ignore
    tidy(outcome);
    const [first] = outcome.violations;
    console.log(`${first === undefined ? 'NOT FOUND' : 'found    '} ${name}: ${MUTATIONS[name].story}${first === undefined ? '' : `\n          ${outcome.violations.length} violations; ${first.slice(0, 240)}`}`); // prettier-ignore
    if (first === undefined) unseen.push(name);
  }
  console.log(`\n${names.length - unseen.length} of ${names.length} known bugs were found.`);
  process.exitCode = unseen.length === 0 ? 0 : 1;
}

function mutation(text: string): MutationName {
  const name = MUTATION_NAMES.find((one) => one === text);
  if (!name) throw new Error(`--mutation: there is no bug "${text}"; there are ${MUTATION_NAMES.join(', ')}.`);
  return name;
}

function number(option: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${option}: "${text}" is no number.`);
  return Number(text);
}

function faults(text: string | undefined): Fault[] | undefined {
  return text?.split(',').map((name) => {
    const fault = FAULTS.find((one) => one === name);
    if (!fault) throw new Error(`--only: there is no fault "${name}"; there are ${FAULTS.join(', ')}.`);
    return fault;
  });
}
