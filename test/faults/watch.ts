/**
 * Looks while everything is at work: every few seconds, in one snapshot, at what is true at any moment. At rest nothing holds a place under
 * a cap and nobody has a run, so what is said of those is true then whatever was done.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../crash/database.js';
import { MOST_LEASES } from '../engine/lease-log.js';
import { LIVE, lookFor } from './look-for.js';
import { PLACES } from './own-checks.js';

export interface WatchOptions {
  /** What is due for so long, and did not happen, is late. Milliseconds. */
  readonly graceMs: number;
  /** Told of what each look has found, if it has. */
  readonly onFound?: (violations: readonly string[]) => void;
}

export interface Watch {
  /** @returns how often it has looked, and the first of each violation that it has seen */
  stop(): Promise<{ readonly looks: number; readonly violations: readonly string[] }>;
}

const EVERY_MS = 4_000;
/** Of a long campaign a look takes longer and longer: it has at most this share of the time. */
const SHARE = 0.1;
/** Of fewer leases under a cap, hardly any are at a time. */
const MANY_LEASES = 1_000;
/** What is older was looked at before, and again in the end. */
const LOOKED_BACK_MS = 120_000;

export function watch(database: Database, { graceMs, onFound }: WatchOptions): Watch {
  const found = new Map<string, string>();
  const ending = new AbortController();
  let looks = 0;
  const look = async (): Promise<void> => {
    const { violations } = await lookFor(database, LIVE, { isAtRest: false, graceMs, since: new Date(Date.now() - LOOKED_BACK_MS) });
    looks++;
    for (const one of violations) if (!found.has(sentenceOf(one))) found.set(sentenceOf(one), `While it was at work: ${one}`);
    if (violations.length > 0) onFound?.(violations);
  };
  const loop = (async () => {
    for (let pauseMs = EVERY_MS; !ending.signal.aborted;) {
      await delay(pauseMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
      if (ending.signal.aborted) return;
      const began = performance.now();
      // While the database is away nothing is seen.
      await look().catch(() => undefined);
      pauseMs = Math.max(EVERY_MS, (performance.now() - began) / SHARE);
    }
  })();
  return {
    stop: async () => {
      ending.abort();
      await loop;
      return { looks, violations: [...found.values()] };
    },
  };
}

/** @returns what was never put to the test, so that nothing was shown of it by a campaign of everything; of a short one that says nothing */
export async function untried(database: Database): Promise<string[]> {
  const [row] = await database.surely<{ leases: number; most: number }>(
    `SELECT (SELECT count(*)::int FROM lease_log WHERE change = 1) AS leases, coalesce(max(most), 0) AS most FROM (${MOST_LEASES}) m WHERE split_part(gate, '/', 2) = 'capped'`,
  );
  return row && row.leases >= MANY_LEASES && row.most < PLACES ? [`No cap was ever full in ${row.leases} leases.`] : [];
}

/** Of a violation, without what contradicts it. */
export function sentenceOf(violation: string): string {
  return violation.replace(/^Not true that /, '').replace(/: \d+ against it, such as .*$/s, '').replace(/ \(last fact .*$/s, ''); // prettier-ignore
}
