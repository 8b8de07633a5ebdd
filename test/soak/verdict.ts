/** Whether what was looked at stays as it is: the second quarter of the time, when all caches are warm, against the last. */
import type { Sample } from './sample.js';

export interface Measure {
  readonly what: string;
  readonly unit: 'MB' | 'rows' | 'bytes a run';
  /** Medians of the second and of the last quarter. */
  readonly before: number;
  readonly after: number;
  /** Above it has grown. */
  readonly most: number;
}

/** What the processes ask of the database in a minute in which there is nothing to do. */
export interface Idle {
  /** By statement. */
  readonly calls: Readonly<Record<string, number>>;
  /** Of all together. */
  readonly most: number;
}

/** Tables whose rows go when what they are for is over; all others keep what was, until retention drops its month. */
export const HOT = ['inbox', 'outbox', 'dispatches', 'event_waits', 'permits', 'notifying', 'workers', 'housekeeping', 'schedules', 'caps', 'installation'] as const; // prettier-ignore
/** What those keep of each run is the same after an hour. */
const KEPT = ['runs', 'journal', 'events', 'event_deliveries', 'tasks', 'task_history', 'run_keys'] as const;

const MB = 1024 * 1024;
/** A fifth more is what collectors and vacuum leave to chance; and a few pages, or objects, of anything. */
const MARGIN = 1.2;
const SLACK = { memory: 16 * MB, table: 4 * MB };
/** Of each live row: what autovacuum leaves lying before it comes, where no table says otherwise. Up to there dead rows come and go. */
const DEAD_LEFT = 0.2;

/** @param samples at equal distances, at least eight @returns what was measured, and of each how much it may be */
export function measure(samples: readonly Sample[]): Measure[] {
  const quarter = Math.floor(samples.length / 4);
  if (quarter < 2) throw new Error(`${samples.length} samples are too few to tell a quarter of the time from another: at least eight.`);
  const [before, after] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
  const of = (what: string, unit: Measure['unit'], scale: number, slack: number, value: (sample: Sample) => number, free = 0): Measure => {
    const [first, last] = [median(before.map(value)), median(after.map(value))];
    return { what, unit, before: first / scale, after: last / scale, most: Math.max(first * MARGIN, first + slack, free) / scale };
  };
  return [
    ...Object.keys(samples[0]?.memory ?? {}).map((slot) =>
      of(`memory of ${slot === 'server' ? 'the server' : `worker ${slot}`}`, 'MB', MB, SLACK.memory, ({ memory }) => memory[slot] ?? NaN),
    ),
    ...HOT.map((name) => of(`${name}, with indexes`, 'MB', MB, SLACK.table, ({ tables }) => tables[name]?.bytes ?? NaN)),
    ...KEPT.map((name) =>
      of(`dead rows in ${name}, of each live one`, 'rows', 1, 0, ({ tables }) => share(tables[name]?.dead, tables[name]?.live), DEAD_LEFT),
    ),
    ...KEPT.map((name) => of(`${name}, with indexes`, 'bytes a run', 1, 0, ({ tables, ended }) => share(tables[name]?.bytes, ended))),
  ];
}

/** @returns sentences about what has grown, or could not be measured */
export function grown(measures: readonly Measure[]): string[] {
  return measures
    .filter(({ after, most }) => !(after <= most))
    .map(({ what, unit, before, after, most }) => `${what}: from ${round(before)} to ${round(after)} ${unit}; at most ${round(most)}.`);
}

/** @returns a sentence when those who have nothing to do ask too much, with what they ask most often */
export function restless({ calls, most }: Idle): string[] {
  const all = sumOf(calls);
  if (all <= most) return [];
  const often = Object.entries(calls).sort(([, one], [, other]) => other - one).slice(0, 8); // prettier-ignore
  return [
    `${all} statements in an idle minute; at most ${most}. Most often: ${often.map(([name, times]) => `${times} ${name.slice(0, 60)}`).join(', ')}.`,
  ];
}

export function sumOf(calls: Readonly<Record<string, number>>): number {
  return Object.values(calls).reduce((sum, times) => sum + times, 0);
}

export function round(number: number): number {
  return Number(number.toPrecision(3));
}

function share(part = NaN, whole = NaN): number {
  return part / Math.max(1, whole);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
