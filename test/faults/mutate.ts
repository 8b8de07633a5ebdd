/**
 * Known bugs, one after the other, each in a system of its own; what is asked for is that somebody finds it. The auditor looks every few
 * seconds, as at a system that is at work; when it has found nothing by the end, all comes to rest, and everything is asked.
 */
import type { Database } from '../crash/database.js';
import { remember, tidy } from './campaign.js';
import { type Mutation, type MutationName, MUTATIONS } from './failpoints/mutations.js';
import { type House, inHouse } from './house.js';
import { Load } from './load/load.js';
import { GRACE_MS, lookFor } from './look-for.js';
import { OWN_CHECKS } from './own-checks.js';
import { comeToRest } from './rest.js';
import { watch } from './watch.js';

export interface Found {
  /** Null for the control. */
  readonly name: MutationName | null;
  /** What is not true, and one of what contradicts it; null when nobody has found anything. */
  readonly violation: string | null;
  /** From the first request on. */
  readonly seconds: number;
}

export interface MutateOptions {
  readonly seed: number;
  readonly rate: number;
  readonly log: (line: string) => void;
}

const MINUTES = 0.5;
const PATIENCE_MS = 20_000;
/** Without a new fact for so long there is nothing more to wait for; the control shows that it is enough. */
const STANDSTILL_MS = 20_000;
/** That a trigger is off is no news of a bug that has it off; and that little was acknowledged is none at all. */
const NO_NEWS = ['its triggers are there', 'with less, nothing was shown'];

/** @param name null for the control: the same without any bug, where nothing must be found */
export async function findMutation(name: MutationName | null, { seed, rate, log }: MutateOptions): Promise<Found> {
  const { under, scenes }: Partial<Mutation> = name ? { under: [], ...MUTATIONS[name] } : { under: ['kill', 'failpoint', 'zombie'] };
  const options = { minutes: MINUTES, seed, only: under, mutation: name, log };
  const { folder, violation, seconds } = await inHouse(options, async (house) => {
    const { folder, database, nemesis, client, operations, random } = house;
    const load = new Load({ operations, underWay: () => client.underWay, database, random, rate, only: scenes });
    const remembering = remember(database);
    const began = performance.now();
    load.start();
    let violation: string | undefined;
    const isOver = (): boolean => violation !== undefined;
    const watching = watch(database, { graceMs: GRACE_MS, onFound: (found) => (violation ??= first(found)) });
    await nemesis.run(MINUTES * 60_000, () => true, isOver);
    await watching.stop();
    violation ??= await lookAtRest(house, load, log);
    await load.stop(0).catch(() => undefined);
    await remembering.stop();
    return { folder, violation, seconds: Math.round((performance.now() - began) / 1_000) };
  });
  tidy({ folder });
  return { name, violation: violation ?? null, seconds };
}

async function lookAtRest({ database, journal, system }: House, load: Load, log: (line: string) => void): Promise<string | undefined> {
  await system.allReady();
  await load.stop(PATIENCE_MS);
  const restless = await comeToRest(database, log, STANDSTILL_MS);
  log(`${journal.total.acknowledged} of ${journal.total.asked} operations acknowledged; ${await countFacts(database)}`);
  journal.close();
  return first((await lookFor(database, OWN_CHECKS, { journal: journal.path, isAtRest: true })).violations) ?? restless;
}

async function countFacts(database: Database): Promise<string> {
  const rows = await database.surely<{ type: string; n: number }>('SELECT type, count(*)::int AS n FROM journal GROUP BY 1 ORDER BY 1');
  return rows.map(({ type, n }) => `${n} ${type}`).join(', ');
}

function first(violations: readonly string[]): string | undefined {
  return violations.find((one) => !NO_NEWS.some((words) => one.includes(words)));
}
