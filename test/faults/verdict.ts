/**
 * What a campaign must have come to beside what the auditor looks at: how long things took, and that it did the harm that it speaks of.
 * A campaign that has done less shows less than it says.
 */
import { NOTIFICATION, PLACES, SERVER_STATEMENTS, WORKER_STATEMENTS } from './failpoints/order.js';
import type { Fault } from './faults.js';
import { EACH_HARM_MS } from './hands.js';
import { RECOVERY_LIMIT_MS, type Recovery } from './harm-database.js';
import { quantile } from './quantile.js';
import { TAKE_OVER_LIMIT_MS, type TakeOver, withoutOutage } from './take-overs.js';
import type { Tally } from './tally.js';
import { type Harm, HARMS } from './workflows/harms.js';

export interface Done {
  readonly done: Tally;
  readonly asked: readonly Fault[];
  /** When harm was done, in milliseconds as of `performance.now()`. */
  readonly time: { readonly from: number; readonly to: number };
  /** How many runs each harm of a step has come to, as it has to. */
  readonly poisoned: Readonly<Partial<Record<Harm, number>>>;
  readonly failpoints: Readonly<Record<string, number>>;
  readonly takeOvers: readonly TakeOver[];
  readonly recoveries: readonly Recovery[];
  readonly leaseMs: number;
}

/** Of fewer the 99th percentile says nothing. */
export const LEAST_TAKE_OVERS = 100;
/** Of fewer the median says nothing either. */
const LEAST_FOR_A_MEDIAN = 30;
const TAKE_OVER_BEYOND_LEASE_MS = 5_000;
/** No fault comes more seldom: the rarest of a deck comes twice with less between. Judged in each third of the time. */
const AT_LEAST_EVERY_MS = 360_000;
const PARTS = ['first', 'second', 'last'] as const;
/** In a campaign that is long enough for a rate. */
const LEAST_SHARE_OF_STATEMENTS = 0.75;

/** @returns sentences about what is not as it has to be */
export function shortcomings(what: Done): string[] {
  return [...ofTakeOvers(what), ...ofRecoveries(what), ...ofRates(what), ...ofPoison(what), ...ofFailpoints(what)];
}

function ofTakeOvers({ asked, takeOvers, leaseMs, time: { from, to } }: Done): string[] {
  const open = takeOvers.filter(({ isOver }) => !isOver);
  const most = leaseMs + TAKE_OVER_BEYOND_LEASE_MS;
  const p99 = quantile(takeOvers.map(({ undisturbedMs }) => undisturbedMs), 0.99); // prettier-ignore
  const alone = withoutOutage(takeOvers).map(({ ms }) => ms);
  const isEnough = alone.length >= LEAST_TAKE_OVERS;
  const [name, share, least] = isEnough ? (['p99', 0.99, LEAST_TAKE_OVERS] as const) : (['median', 0.5, LEAST_FOR_A_MEDIAN] as const);
  const aloneMs = alone.length >= least ? quantile(alone, share) : undefined;
  return [
    ...(open.length > 0 ? [`The runs of ${open.length} dead workers were not taken over in the ${TAKE_OVER_LIMIT_MS / 1_000} s that the database was up.`] : []), // prettier-ignore
    ...(takeOvers.length >= LEAST_TAKE_OVERS && p99 !== undefined && p99 > most ? [`Runs of dead workers were taken over after ${p99} ms (p99 of ${takeOvers.length}, while the database was up all along), not within the lease and 5 s, which is ${most} ms.`] : []), // prettier-ignore
    ...(aloneMs !== undefined && aloneMs > most ? [`Runs of dead workers were taken over after ${aloneMs} ms (${name} of ${alone.length} with the database up from the death on), not within the lease and 5 s, which is ${most} ms.`] : []), // prettier-ignore
    ...(isLong(to - from) && asked.includes('kill') && !isEnough ? [`Of ${takeOvers.length} take-overs the database was up all along in ${alone.length}, and of fewer than ${LEAST_TAKE_OVERS} the 99th percentile says nothing.`] : []), // prettier-ignore
  ];
}

function ofRecoveries({ recoveries }: Done): string[] {
  const never = recoveries.filter(({ acknowledged }) => acknowledged === null).length;
  return never > 0 ? [`After ${never} of ${recoveries.length} ends of the database no operation was acknowledged in the ${RECOVERY_LIMIT_MS / 1_000} s after it took connections again.`] : []; // prettier-ignore
}

/** Long enough for each fault to come in each part of it. */
function isLong(ms: number): boolean {
  return ms >= PARTS.length * AT_LEAST_EVERY_MS;
}

/** That each came at all is for the auditor to say: the journal has how often. */
function ofRates({ done, asked, time: { from, to } }: Done): string[] {
  const least = Math.floor((to - from) / PARTS.length / AT_LEAST_EVERY_MS);
  return asked.flatMap(
    (fault) =>
    done.inParts(fault, PARTS.length, from, to).flatMap((times, part) => times < least ? [`${fault} came ${times} times in the ${PARTS[part]} third of the time, not ${least}.`] : []), // prettier-ignore
  );
}

function ofPoison({ asked, poisoned, time: { from, to } }: Done): string[] {
  if (!asked.includes('poison') || to - from < EACH_HARM_MS) return [];
  const missing = HARMS.filter((harm) => !poisoned[harm]);
  return missing.length > 0 ? [`No run has come to the harm of a step by ${missing.join(', ')}.`] : [];
}

function ofFailpoints({ asked, failpoints, time: { from, to } }: Done): string[] {
  if (!asked.includes('failpoint') || !asked.includes('server') || !isLong(to - from)) return [];
  const { statements, unreached } = reach(failpoints);
  return unreached.length > (1 - LEAST_SHARE_OF_STATEMENTS) * statements ? [`Of ${statements} statements with failpoints none was reached at ${unreached.join(', ')}.`] : []; // prettier-ignore
}

export interface Reach {
  /** Of a worker and of the server. */
  readonly statements: number;
  /** Statements where no failpoint was reached. */
  readonly unreached: readonly string[];
  /** A place before, in or after a statement. */
  readonly places: number;
  readonly reached: number;
}

/** @param failpoints by name, those of the server behind `server ` */
export function reach(failpoints: Readonly<Record<string, number>>): Reach {
  const all = [...WORKER_STATEMENTS, ...SERVER_STATEMENTS.map((name) => `server ${name}`)];
  const reached = new Set(Object.keys(failpoints).map((name) => name.split(':').slice(0, 2).join(':')).filter((place) => !place.startsWith(NOTIFICATION))); // prettier-ignore
  const statements = new Set([...reached].map((place) => place.split(':')[0]));
  return { statements: all.length, unreached: all.filter((name) => !statements.has(name)), places: all.length * PLACES.length, reached: reached.size }; // prettier-ignore
}

/** In words. */
export function notReached(statements: number, unreached: readonly string[]): string {
  return unreached.length === 0 ? `at each of ${statements} statements` : `of ${statements} statements not at ${unreached.join(', ')}`;
}
