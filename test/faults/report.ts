/** The outcome of a campaign as a table for people. */
import type { Outcome } from './campaign.js';
import { quantile } from './quantile.js';
import { withoutOutage } from './take-overs.js';
import { LEAST_TAKE_OVERS, notReached, reach } from './verdict.js';

export function table(outcome: Outcome): string {
  const { seconds, asked, acknowledged, refused, runs, takeOvers, recoveries } = outcome;
  const { statements, unreached, places, reached } = reach(outcome.failpoints);
  const acknowledgedAfter = recoveries.flatMap(({ acknowledged }) => acknowledged ?? []);
  const rows: [string, string][] = [
    ['seed', String(outcome.seed)],
    ['seconds', `${seconds.all} in all: ${seconds.faults} of faults, ${seconds.settling} until rest`],
    ['operations acknowledged', `${sum(acknowledged)} of ${sum(asked)}: ${counts(acknowledged)}`],
    ['of these refused, as too late', counts(refused)],
    ['kill -9 of workers', String(outcome.kills)],
    ['ends of the database', String(outcome.databaseStops)],
    ['faults', counts(outcome.faults)],
    ['harm by steps', counts(outcome.poisoned)],
    ['failpoints reached', `${reached} of ${places} places, ${sum(outcome.failpoints)} times; ${notReached(statements, unreached)}`],
    ...Object.entries(outcome.skipped).map(([fault, why]): [string, string] => ['skipped', `${fault}: ${why}`]),
    ['take-over, with the database up from the death on', quantiles(withoutOutage(takeOvers).map(({ ms }) => ms))],
    [
      'take-over, while the database was up all along',
      `${quantiles(takeOvers.map(({ undisturbedMs }) => undisturbedMs))}${takeOvers.length < LEAST_TAKE_OVERS ? '; too few to be judged' : ''}`,
    ],
    ['take-over, of the time the database was up', quantiles(takeOvers.map(({ upMs }) => upMs))],
    ['take-over, by the clock', quantiles(takeOvers.map(({ ms }) => ms))],
    ['database back: connections', quantiles(recoveries.map(({ connections }) => connections))],
    ['from then on: an operation acknowledged', quantiles(acknowledgedAfter)],
    ['runs', `${runs.ended} of ${runs.all} have ended (${((100 * runs.ended) / Math.max(1, runs.all)).toFixed(2)} %)`],
    ...Object.entries(runs.by).map(([what, number]): [string, string] => [`  ${what}`, String(number)]),
    ['checks of the auditor', `${outcome.audit.checks}, over ${outcome.audit.counts.facts} facts`],
    ['violations', String(outcome.violations.length)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function quantiles(numbers: readonly number[]): string {
  if (numbers.length === 0) return 'none';
  return `${numbers.length}: p50 ${quantile(numbers, 0.5)} ms, p99 ${quantile(numbers, 0.99)} ms, longest ${Math.max(...numbers)} ms`;
}

function sum(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((total, number) => total + number, 0);
}

function counts(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers).map(([what, number]) => `${number} ${what}`).join(', '); // prettier-ignore
}
