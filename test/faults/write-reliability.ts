/** Puts into docs/reference/reliability.md what the suite has measured and found. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './campaign.js';
import { MUTATION_NAMES, MUTATIONS } from './failpoints/mutations.js';
import type { Found } from './mutate.js';
import { quantile } from './quantile.js';
import { withoutOutage } from './take-overs.js';
import { LEAST_TAKE_OVERS, notReached, reach } from './verdict.js';
import { sentenceOf } from './watch.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/reference/reliability.md', import.meta.url));

/** @param call the words behind `npm run faults --` that it was made by, and the commit */
export function writeReliability(outcome: Outcome, call: { readonly words: string; readonly commit: string }): void {
  write('figures: made by npm run faults -- --write', figures(outcome, call));
}

/** Puts the rows of these into the table; those of the others stay. */
export function writeMutations(found: readonly Found[]): void {
  const rows = new Map(found.map((one) => [nameOf(one.name), rowOf(one)]));
  const before = between(BUGS).split('\n').flatMap((line) => (/^\| (`[\w-]+`|none) /.test(line) ? [[line.split(' ')[1] ?? '', line] as const] : [])); // prettier-ignore
  const kept = new Map(before);
  const all = [null, ...MUTATION_NAMES].flatMap((name) => rows.get(nameOf(name)) ?? kept.get(nameOf(name)) ?? []);
  write(
    BUGS,
    ['| bug | its story | who found out | what was not true | after seconds |', '| --- | --- | --- | --- | ---: |', ...all].join('\n'),
  );
}

const BUGS = 'bugs: made by npm run faults -- --mutations --write';

function nameOf(name: Found['name']): string {
  return name ? `\`${name}\`` : 'none';
}

/** What the auditor says begins with its guarantee; the rest is what the campaign knows of its own work. */
function rowOf({ name, violation, seconds }: Found): string {
  const story = name ? MUTATIONS[name].story : 'the same without a bug';
  const who = violation === null ? '' : /^Not true that G\d+: /.test(violation) ? 'the auditor' : 'the campaign';
  const what = violation === null ? (name ? '**nothing**' : 'nothing') : sentenceOf(violation);
  return `| ${nameOf(name)} | ${story} | ${who} | ${what} | ${seconds} |`;
}

/** Between a mark and the end of what is made so; the words around them are people's. */
function between(mark: string): string {
  const { text, from, to } = marked(mark);
  return text.slice(from, to);
}

function write(mark: string, made: string): void {
  const { text, from, to } = marked(mark);
  writeFileSync(DOCUMENT, `${text.slice(0, from)}\n\n${made}\n\n${text.slice(to)}`);
}

function marked(mark: string): { readonly text: string; readonly from: number; readonly to: number } {
  const text = readFileSync(DOCUMENT, 'utf8');
  const begin = `<!-- ${mark} -->`;
  const at = text.indexOf(begin);
  const to = text.indexOf('<!-- end -->', at);
  if (at < 0 || to < at) throw new Error(`${DOCUMENT} has lost the marks of what is made: ${begin} and <!-- end -->.`);
  return { text, from: at + begin.length, to };
}

function figures(outcome: Outcome, { words, commit }: { readonly words: string; readonly commit: string }): string {
  const { seconds, asked, acknowledged, refused, takeOvers, recoveries, runs, faults } = outcome;
  const { statements, unreached, places, reached } = reach(outcome.failpoints);
  const skipped = Object.entries(outcome.skipped).map(([fault, why]) => `\`${fault}\`: ${why}`);
  const rows: (readonly [string, string])[] = [
    [
      'when, where',
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, Node ${process.versions.node}, PostgreSQL 18, Linux`,
    ],
    ['made by', `\`npm run faults -- ${words}\` at ${commit}`],
    ['seed', String(outcome.seed)],
    ['minutes of faults', (seconds.faults / 60).toFixed(1)],
    [
      'operations acknowledged',
      `${count(sum(acknowledged))} of ${count(sum(asked))} distinct ones, of which ${count(sum(refused))} with the answer that it was too late`,
    ],
    ['kill -9 of workers', count(outcome.kills)],
    ['ends of the database', count(outcome.databaseStops)],
    ['zombies', count(faults.zombie ?? 0)],
    [
      'failpoints reached',
      `${reached} of ${places} places, ${count(sum(outcome.failpoints))} times; ${notReached(
        statements,
        unreached.map((name) => `\`${name}\``),
      )}`,
    ],
    ['other faults', Object.entries(faults).filter(([name]) => !['kill', 'failpoint', 'database-stop', 'database-kill', 'zombie'].includes(name)).map(([name, times]) => `${times} ${name}`).join(', ')], // prettier-ignore
    ['harm by steps', Object.entries(outcome.poisoned).map(([harm, times]) => `${times} ${harm}`).join(', ')], // prettier-ignore
    ['faults left out', skipped.join(', ') || 'none'],
    ['**violations**', `**${outcome.violations.length}**`],
    ['acknowledged operations lost (RPO)', count(outcome.lost)],
    ['take-over of a dead worker’s runs, with the database up from the death on', times(withoutOutage(takeOvers).map(({ ms }) => ms))],
    [
      'all take-overs: the longest time within each in which the database was up all along',
      `${times(takeOvers.map(({ undisturbedMs }) => undisturbedMs))}${takeOvers.length < LEAST_TAKE_OVERS ? ', too few to be judged' : ''}`,
    ],
    ['all from the death, without the time in which the database was away', times(takeOvers.map(({ upMs }) => upMs))],
    ['all by the clock on the wall', times(takeOvers.map(({ ms }) => ms))],
    ['from the end of the database until it takes connections', times(recoveries.map(({ connections }) => connections))],
    ['from there until an operation is acknowledged', times(recoveries.flatMap((one) => one.acknowledged ?? []))],
    ['runs that have ended', `${count(runs.ended)} of ${count(runs.all)} (${((100 * runs.ended) / runs.all).toFixed(2)} %)`],
    ['checked', `${outcome.audit.checks} checks of the auditor over ${count(outcome.audit.counts.facts)} facts`],
  ];
  return `| | |\n| --- | --- |\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`;
}

/** Of what is measured from now on; with a mark when something is changed. */
export function commitNow(): string {
  const git = (...words: string[]): string => spawnSync('git', words, { encoding: 'utf8', cwd: dirname(DOCUMENT) }).stdout?.trim() ?? '';
  return `${git('rev-parse', '--short', 'HEAD') || 'no commit'}${git('status', '--porcelain') ? ', changed' : ''}`;
}

function times(numbers: readonly number[]): string {
  if (numbers.length === 0) return 'none';
  return `p50 ${seconds(quantile(numbers, 0.5))}, p99 ${seconds(quantile(numbers, 0.99))}, longest ${seconds(Math.max(...numbers))} (${numbers.length})`;
}

function seconds(ms: number | undefined): string {
  return `${((ms ?? 0) / 1000).toFixed(1)} s`;
}

function sum(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((total, number) => total + number, 0);
}

function count(number: number): string {
  return number.toLocaleString('en');
}
