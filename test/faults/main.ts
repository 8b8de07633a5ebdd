/**
 * `npm run faults -- --minutes 20 --seed 7`: any length, any seed; prints the table, ends with 1 when something is wrong.
 */
import { writeFileSync } from 'node:fs';
import { positiveNumber, runCommand, shown, wholeNumber, WrongCall } from '../../apps/auditor/command.js';
import { keepFolder } from '../crash/program.js';
import { runCampaign, tidy } from './campaign.js';
import { MUTATION_NAMES, type MutationName, MUTATIONS } from './failpoints/mutations.js';
import { type Fault, FAULTS } from './faults.js';
import { type Found, findMutation } from './mutate.js';
import { table } from './report.js';
import { runTimers } from './timers.js';
import { commitNow, writeMutations, writeReliability } from './write-reliability.js';

const HELP = `npm run faults -- [options]

Runs workers, a server and a database of its own under load, does harm to all of them, and has the auditor look whether what was
acknowledged is true. On a machine with two cores and nothing else to do, a minute takes some 80 seconds in all.

  --minutes <n>    how long harm is done; default 3
  --seed <n>       the same seed does the same harm, in the same order and after the same pauses, until the minutes are over; whom it
                   meets depends on the machine; default 42
  --operations <n> --kills <n> --restarts <n>
                   goes on, for up to four times as long, until so many operations were acknowledged, workers killed,
                   and databases ended
  --calm <x>       the pauses between faults are so many times as long, so that more is done between them; default 1
  --rate <n>       scenes of the load begun in a second, each one to three operations; default 90
  --only <faults>  only these, with commas: ${FAULTS.join(', ')}
  --queue <name>   what hints go by: postgres, or redis, to which harm is done, too; default postgres
  --timers <n>     instead: so many timers that ring at one instant, while workers are killed
  --mutations      instead: for each known bug that the processes can be given, until somebody finds it; and once without any
  --mutation <bug> one of them: ${MUTATION_NAMES.join(', ')}
  --verbose        tells what is done, also for a bug
  --json <file>    the outcome as JSON
  --write          the outcome, with date, seed and machine, into docs/reference/reliability.md
  --keep           leaves data, logs and the journal also when nothing is wrong
  --help
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const byDefault = <T extends string>(value: T) => ({ ...text, default: value });
const OPTIONS = {
  ...{ minutes: byDefault('3'), seed: byDefault('42'), rate: byDefault('90'), calm: byDefault('1') },
  ...{ operations: byDefault('0'), kills: byDefault('0'), restarts: byDefault('0') },
  ...{ queue: byDefault('postgres'), only: text, timers: text, mutation: text, json: text },
  ...{ write: flag, mutations: flag, keep: flag, verbose: flag },
};

const log = (line: string): void => console.log(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${line}`);

process.exitCode = await runCommand({
  name: 'faults',
  help: HELP,
  options: OPTIONS,
  run: async (values) => {
    const seed = wholeNumber('--seed', values.seed);
    const rate = positiveNumber('--rate', values.rate);
    if (values.mutations || values.mutation !== undefined)
      return mutate(values.mutation === undefined ? [null, ...MUTATION_NAMES] : [mutation(values.mutation)], { ...values, seed, rate });
    if (values.timers !== undefined) {
      const outcome = await runTimers(wholeNumber('--timers', values.timers), { seed, log });
      console.log(
        `\n${outcome.timers} timers, ${outcome.kills} kills: half of the runs had ended after ${outcome.half} ms, all after ${outcome.all} ms.`,
      );
      return end(outcome, outcome, values);
    }
    if (values.write && values.only !== undefined)
      throw new WrongCall('--write: a campaign with only some of the faults is none for the docs.');
    const commit = commitNow();
    const outcome = await runCampaign({
      ...{ minutes: positiveNumber('--minutes', values.minutes), seed, rate, only: faults(values.only), queue: queue(values.queue), log },
      calm: positiveNumber('--calm', values.calm),
      isKept: values.keep,
      least: {
        operations: wholeNumber('--operations', values.operations),
        kills: wholeNumber('--kills', values.kills),
        restarts: wholeNumber('--restarts', values.restarts),
      },
    });
    console.log(`\n${table(outcome)}`);
    if (values.write) writeReliability(outcome, { words: called(process.argv.slice(2)), commit });
    return end(outcome, outcome, values);
  },
});

/** The words that say what is done; not those that say what becomes of it. */
function called(words: readonly string[]): string {
  return words.filter((word, at) => !['--write', '--keep', '--verbose', '--json'].includes(word) && words[at - 1] !== '--json').join(' ');
}

function end(
  outcome: Parameters<typeof tidy>[0] & { readonly violations: readonly string[] },
  whole: object,
  { json, keep }: { readonly json?: string | undefined; readonly keep: boolean },
): number {
  for (const violation of outcome.violations) console.log(`\n${violation}`);
  if (json) writeFileSync(json, `${JSON.stringify(whole, null, 2)}\n`);
  if (outcome.violations.length === 0 && !keep) tidy(outcome);
  else {
    keepFolder(outcome.folder);
    console.log(`\nLogs, data and the journal are in ${outcome.folder}.`);
  }
  return outcome.violations.length === 0 ? 0 : 1;
}

async function mutate(
  names: readonly (MutationName | null)[],
  { seed, rate, verbose, write }: { readonly seed: number; readonly rate: number; readonly verbose: boolean; readonly write: boolean },
): Promise<number> {
  const all: Found[] = [];
  for (const name of names) {
    const found = await findMutation(name, { seed, rate, log: verbose ? log : () => undefined });
    all.push(found);
    const story = name ? MUTATIONS[name].story : 'no bug: nothing is to be found';
    console.log(`${found.violation === null ? 'nothing' : 'found  '} ${name ?? 'control'} (${found.seconds} s): ${found.violation?.slice(0, 300) ?? story}`); // prettier-ignore
  }
  if (write) writeMutations(all);
  const wrong = all.filter(({ name, violation }) => (name === null) !== (violation === null));
  console.log(`\n${all.length - wrong.length} of ${all.length} came out as they should.`);
  return wrong.length === 0 ? 0 : 1;
}

function mutation(text: string): MutationName {
  const name = MUTATION_NAMES.find((one) => one === text);
  if (!name) throw new WrongCall(`--mutation: there is no bug "${shown(text)}"; there are ${MUTATION_NAMES.join(', ')}.`);
  return name;
}

function queue(text: string): 'postgres' | 'redis' {
  if (text !== 'postgres' && text !== 'redis') throw new WrongCall(`--queue: hints go by postgres or redis, not by "${text}".`);
  return text;
}

function faults(text: string | undefined): Fault[] | undefined {
  return text?.split(',').map((name) => {
    const fault = FAULTS.find((one) => one === name);
    if (!fault) throw new WrongCall(`--only: there is no fault "${shown(name)}"; there are ${FAULTS.join(', ')}.`);
    return fault;
  });
}
