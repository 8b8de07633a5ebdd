/**
 * One campaign: a system of real processes, a load that writes down what was acknowledged, and somebody who does harm. When that is over
 * everything must come to rest by itself, in bounded time; then the auditor is asked, with the journal of the load. Nothing is forgiven.
 */
import { rmSync } from 'node:fs';
import type { Audit } from '../../apps/auditor/audit.js';
import type { Database } from '../crash/database.js';
import { keepFolder } from '../crash/program.js';
import { type HouseOptions, inHouse, LEASE_MS } from './house.js';
import type { Kind } from './load/journal.js';
import { Load } from './load/load.js';
import { lookFor } from './look-for.js';
import type { Fault } from './faults.js';
import type { Recovery } from './harm-database.js';
import { OWN_CHECKS } from './own-checks.js';
import { countPoisoned } from './poisoned.js';
import { comeToRest, SETTLE_LIMIT_MS } from './rest.js';
import type { TakeOver } from './take-overs.js';
import { type Done, shortcomings } from './verdict.js';
import { untried, watch } from './watch.js';
import type { Harm } from './workflows/harms.js';

export interface CampaignOptions extends HouseOptions {
  /** Scenes of the load begun in a second; each is one to three operations. */
  readonly rate: number;
  /** Harm is done until there was so much of each, also when the minutes are over. */
  /** Data, logs and the journal are kept also when nothing is wrong. */
  readonly isKept?: boolean;
  readonly least?: Partial<Record<'operations' | 'kills' | 'restarts', number>>;
}

export interface Outcome {
  readonly seed: number;
  readonly seconds: { readonly faults: number; readonly settling: number; readonly all: number };
  readonly asked: Readonly<Record<Kind, number>>;
  readonly acknowledged: Readonly<Record<Kind, number>>;
  /** Of what was acknowledged: it could not be done any more, as of a task that somebody else has decided. */
  readonly refused: Readonly<Record<Kind, number>>;
  /** Of what was acknowledged, how much is not there. */
  readonly lost: number;
  /** How often each was done. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** Runs by the harm of a step that they have come to. */
  readonly poisoned: Readonly<Partial<Record<Harm, number>>>;
  readonly failpoints: Readonly<Record<string, number>>;
  readonly skipped: Readonly<Record<string, string>>;
  readonly kills: number;
  readonly databaseStops: number;
  readonly takeOvers: readonly TakeOver[];
  readonly recoveries: readonly Recovery[];
  readonly runs: { readonly all: number; readonly ended: number; readonly by: Readonly<Record<string, number>> };
  /** Sentences that are not true, each with some of what contradicts it. */
  readonly violations: readonly string[];
  readonly audit: Pick<Audit, 'counts'> & { readonly checks: number };
  /** Data, logs and the journal; kept when something is wrong. */
  readonly folder: string;
}

/** What ended is written down so often. */
const REMEMBER_EVERY_MS = 2_000;
/** Longer than any take-over or outage of a campaign. */
const WATCH_GRACE_MS = 60_000;
export function runCampaign(options: CampaignOptions): Promise<Outcome> {
  const began = performance.now();
  const { minutes, seed, rate, log, least: { operations: leastOperations = 0, kills = 0, restarts = 0 } = {} } = options;
  return inHouse(
    options,
    async ({ folder, database, system, nemesis, takeOvers, journal, client, operations, random, endedByThemselves }) => {
      log(`Everything is up after ${seconds(began)} s.`);
      const load = new Load({ operations, underWay: () => client.underWay, database, random, rate });
      const remembering = remember(database);
      const watching = watch(database, { graceMs: WATCH_GRACE_MS });
      load.start();
      const faultsBegan = performance.now();
      const telling = setInterval(() => log(`${journal.total.acknowledged} of ${journal.total.asked} operations acknowledged; ${nemesis.kills} kills, ${nemesis.databaseStops} ends of the database`), 10_000); // prettier-ignore
      const isEnough = () => journal.total.acknowledged >= leastOperations && nemesis.kills >= kills && nemesis.databaseStops >= restarts;
      await nemesis.run(minutes * 60_000, isEnough).finally(() => clearInterval(telling));
      const time = { from: faultsBegan, to: performance.now() };
      const faults = seconds(faultsBegan);
      await system.allReady();
      await nemesis.rollOut();
      const seen = await watching.stop();
      log(`The harm is over after ${faults} s.`);
      const settlingBegan = performance.now();
      const waiting = await load.stop(SETTLE_LIMIT_MS);
      // What it was asked and has not answered must not come while everything is to rest.
      await system.endServer();
      const restless = await comeToRest(database, log);
      await takeOvers.settled();
      await remembering.stop();
      const settling = seconds(settlingBegan);
      log(`Everything has come to rest after ${settling} s.`);
      for (const fault of nemesis.asked) journal.fault(fault, nemesis.done.of(fault));
      journal.close();
      const found = await lookFor(database, OWN_CHECKS, { journal: journal.path, isAtRest: true });
      const stoppedWith = await system.stopProcesses();
      const runs = await countRuns(database);
      const done: Done = {
        ...{ done: nemesis.done, asked: nemesis.asked, time, poisoned: await countPoisoned(database), leaseMs: LEASE_MS },
        ...{ takeOvers: takeOvers.all, recoveries: nemesis.recoveries },
        failpoints: Object.fromEntries([...nemesis.failpoints].sort()),
      };
      const wrong = operations.flatMap((tenant) => tenant.wrong);
      const violations = [
        ...[waiting, restless].filter((one) => one !== undefined),
        ...found.violations,
        ...shortcomings(done),
        ...seen.violations,
        ...(seen.looks === 0 ? ['Nobody could look while everything was at work.'] : []),
        ...(await untried(database)),
        ...(wrong.length > 0 ? [`Answers that no client must get: ${wrong.length}, such as ${wrong.slice(0, 3).join('; ')}`] : []), // prettier-ignore
        ...(endedByThemselves.length > 0 ? [`Processes ended although nobody ended them: ${endedByThemselves.join(', ')}`] : []),
        ...(stoppedWith.some((how) => how !== 0) ? [`Processes that were asked to stop ended with ${stoppedWith.join(', ')}`] : []),
        ...(runs.ended < 0.95 * runs.all ? [`Only ${runs.ended} of ${runs.all} runs have ended.`] : []),
      ];
      if (violations.length > 0 || options.isKept) keepFolder(folder);
      return {
        ...{ seed, violations, runs, kills: nemesis.kills, databaseStops: nemesis.databaseStops, folder },
        seconds: { faults, settling, all: seconds(began) },
        ...{ asked: journal.asked, acknowledged: journal.acknowledged, refused: journal.refused, lost: found.lost },
        faults: Object.fromEntries(nemesis.asked.map((fault) => [fault, nemesis.done.of(fault)])),
        ...{
          poisoned: done.poisoned,
          failpoints: done.failpoints,
          skipped: Object.fromEntries(nemesis.skipped),
          takeOvers: done.takeOvers,
          recoveries: done.recoveries,
        },
        audit: { counts: found.audit.counts, checks: found.audit.findings.filter(({ outcome }) => outcome !== 'skipped').length },
      };
    },
  );
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}

/** Removes what a campaign has left behind. */
export function tidy({ folder }: Pick<Outcome, 'folder'>): void {
  rmSync(folder, { recursive: true, force: true });
}

/** What has ended is written down, so that it is seen whether it ever changes. */
export function remember(database: Database): { stop(): Promise<void> } {
  const write = () => database.query(`INSERT INTO faults.ended SELECT id, status, ended_at FROM runs WHERE ended_at > now() - interval '1 minute' ON CONFLICT DO NOTHING`); // prettier-ignore
  const timer = setInterval(() => void write().catch(() => undefined), REMEMBER_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await write();
    },
  };
}

async function countRuns(database: Database): Promise<Outcome['runs']> {
  const rows = await database.query<{ what: string; count: number; ended: boolean }>(
    "SELECT workflow || ' ' || status AS what, ended_at IS NOT NULL AS ended, count(*)::int AS count FROM runs GROUP BY 1, 2 ORDER BY 1",
  );
  const count = (those: typeof rows): number => those.reduce((sum, one) => sum + one.count, 0);
  return {
    all: count(rows),
    ended: count(rows.filter(({ ended }) => ended)),
    by: Object.fromEntries(rows.map(({ what, count }) => [what, count])),
  };
}
