/** Whether what was looked at stays as it is: the second quarter of the time, when all caches are warm, against the last. */
import type { Sample } from './sample.js';
import { HOT, JUDGED, KEPT, NOT_JUDGED, type Unit, UNTOUCHED } from './tables.js';

export interface Measure {
  readonly what: string;
  readonly unit: 'MB' | 'kB' | 'rows' | `bytes a ${Unit}`;
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

const KB = 1024;
const MB = 1024 * KB;
/** A fifth more is what collectors and vacuum leave to chance; and a few pages, or objects, of anything. */
const MARGIN = 1.2;
const SLACK = { memory: 16 * MB, hot: 4 * MB, kept: 256 * KB, untouched: 64 * KB };
/** What autovacuum leaves lying before it comes, where no table says otherwise: so many dead rows, and so many of each live one. */
const DEAD_LEFT = { rows: 50, share: 0.2 };
/** So many rows of one hot table may die until it comes again, a minute later. If something keeps it away, those of each minute are added. */
const DEAD_IN_A_MINUTE = 3_000;

/** What was done until a sample, by what it is counted in. */
const DONE: Readonly<Record<Unit, (sample: Sample) => number>> = {
  run: ({ ended }) => ended,
  'run of the load': ({ ended, emitted }) => ended - emitted,
  record: ({ emitted }) => emitted,
  minute: ({ at }) => at / 60_000,
};

/** @param samples at equal distances, at least eight @returns what was measured, and of each how much it may be */
export function measure(samples: readonly Sample[]): Measure[] {
  const quarter = Math.floor(samples.length / 4);
  if (quarter < 2) throw new Error(`${samples.length} samples are too few to tell a quarter of the time from another: at least eight.`);
  const [before, after] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
  /** @param least up to there nothing has grown, whatever it was before */
  const of = (what: string, unit: Measure['unit'], scale: number, slack: number, value: (sample: Sample) => number, least = 0): Measure => {
    const [first, last] = [median(before.map(value)), median(after.map(value))];
    return { what, unit, before: first / scale, after: last / scale, most: Math.max(first * MARGIN, first + slack, least) / scale };
  };
  const live = (name: string): number => median(after.map(({ tables }) => tables[name]?.live ?? NaN));
  const bytes =
    (name: string) =>
    ({ tables }: Sample): number =>
      tables[name]?.bytes ?? NaN;
  return [
    ...Object.keys(samples[0]?.memory ?? {}).map((slot) =>
      of(`memory of ${slot === 'server' ? 'the server' : `worker ${slot}`}`, 'MB', MB, SLACK.memory, ({ memory }) => memory[slot] ?? NaN),
    ),
    ...HOT.map((name) => of(`${name}, with indexes`, 'MB', MB, SLACK.hot, bytes(name))),
    ...HOT.map((name) => {
      const least = DEAD_LEFT.rows + DEAD_LEFT.share * live(name) + DEAD_IN_A_MINUTE;
      return of(`dead rows in ${name}`, 'rows', 1, 0, ({ tables }) => tables[name]?.dead ?? NaN, least);
    }),
    ...Object.entries(KEPT).map(([name, unit]) => {
      const slack = SLACK.kept / Math.max(1, median(after.map(DONE[unit])));
      return of(`${name}, with indexes`, `bytes a ${unit}`, 1, slack, (sample) => share(bytes(name)(sample), DONE[unit](sample)));
    }),
    ...Object.keys(KEPT).map((name) => {
      const least = DEAD_LEFT.rows / Math.max(1, live(name)) + DEAD_LEFT.share;
      return of(
        `dead rows in ${name}, of each live one`,
        'rows',
        1,
        0,
        ({ tables }) => share(tables[name]?.dead, tables[name]?.live),
        least,
      );
    }),
    ...UNTOUCHED.map((name) => of(`${name}, which nobody writes`, 'kB', KB, SLACK.untouched, bytes(name))),
  ];
}

/** @returns sentences about what has grown, or could not be measured */
export function grown(measures: readonly Measure[]): string[] {
  return measures
    .filter(({ after, most }) => !(after <= most))
    .map(({ what, unit, before, after, most }) => `${what}: from ${round(before)} to ${round(after)} ${unit}; at most ${round(most)}.`);
}

/** @returns a sentence about each table that was sampled and is in no list of tables.ts */
export function unjudged(samples: readonly Sample[]): string[] {
  const names = new Set(samples.flatMap(({ tables }) => Object.keys(tables)));
  return [...names]
    .filter((name) => !JUDGED.includes(name) && !(name in NOT_JUDGED))
    .map((name) => `The table ${name} is judged by nothing: test/soak/tables.ts has no place for it.`);
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
