/**
 * `npm run faults -- --minutes 20 --seed 7`: any length, any seed; prints the table, ends with 1 when something is wrong.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCampaign, tidy } from './campaign.js';
import { MUTATION_NAMES, type MutationName, MUTATIONS } from './failpoints/mutations.js';
import { type Fault, FAULTS } from './faults.js';
import { type Found, findMutation } from './mutate.js';
import { table } from './report.js';
import { runTimers } from './timers.js';
import { writeMutations, writeReliability } from './write-reliability.js';

const HELP = `npm run faults -- [options]

Runs workers, a server and a database of its own under load, does harm to all of them, and has the auditor look whether what was
acknowledged is true. On a machine with two cores and nothing else to do, a minute takes some 80 seconds in all.

  --minutes <n>    how long harm is done; default 3
  --seed <n>       the same seed does the same harm; default 42
  --operations <n> --kills <n> --restarts <n>
                   goes on, for up to four times as long, until so many operations were acknowledged, workers killed,
                   and databases ended
  --rate <n>       scenes of the load begun in a second, each one to three operations; default 90
  --only <faults>  only these, with commas: ${FAULTS.join(', ')}
  --timers <n>     instead: so many timers that ring at one instant, while workers are killed
  --mutations      instead: for each known bug that the processes can be given, until somebody finds it; and once without any
  --mutation <bug> one of them: ${MUTATION_NAMES.join(', ')}
  --verbose        tells what is done, also for a bug
  --json <file>    the outcome as JSON
  --write          the outcome, with date, seed and machine, into docs/reference/reliability.md
  --keep           leaves data, logs and the journal also when nothing is wrong
`;

const { values } = parseArgs({
  options: {
    ...{ minutes: { type: 'string', default: '3' }, seed: { type: 'string', default: '42' }, rate: { type: 'string', default: '90' } },
    ...{
      operations: { type: 'string', default: '0' },
      kills: { type: 'string', default: '0' },
      restarts: { type: 'string', default: '0' },
    },
    ...{ only: { type: 'string' }, timers: { type: 'string' }, mutation: { type: 'string' }, json: { type: 'string' } },
    ...{
      write: { type: 'boolean', default: false },
      mutations: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  },
});
const log = (line: string): void => console.log(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${line}`);
const seed = number('seed', values.seed);

if (values.help) process.stdout.write(HELP);
else if (values.mutations || values.mutation !== undefined)
  await mutate(values.mutation === undefined ? [null, ...MUTATION_NAMES] : [mutation(values.mutation)]);
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
    least: {
      operations: number('operations', values.operations),
      kills: number('kills', values.kills),
      restarts: number('restarts', values.restarts),
    },
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

async function mutate(names: readonly (MutationName | null)[]): Promise<void> {
  const all: Found[] = [];
  for (const name of names) {
    const found = await findMutation(name, { seed, rate: number('rate', values.rate), log: values.verbose ? log : () => undefined });
    all.push(found);
    const story = name ? MUTATIONS[name].story : 'no bug: nothing is to be found';
    console.log(`${found.violation === null ? 'nothing' : 'found  '} ${name ?? 'control'} (${found.seconds} s): ${found.violation?.slice(0, 300) ?? story}`); // prettier-ignore
  }
  if (values.write) writeMutations(all);
  const wrong = all.filter(({ name, violation }) => (name === null) !== (violation === null));
  console.log(`\n${all.length - wrong.length} of ${all.length} came out as they should.`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
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
