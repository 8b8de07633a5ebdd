/** A long time of steady load on real processes, without any harm: whether memory and tables stay as they are, and what is idle afterwards. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../crash/database.js';
import { inHouse } from '../faults/house.js';
import { Load } from '../faults/load/load.js';
import { lookFor } from '../faults/look-for.js';
import { OWN_CHECKS } from '../faults/own-checks.js';
import { comeToRest, SETTLE_LIMIT_MS } from '../faults/rest.js';
import { type Sample, takeSample } from './sample.js';
import { grown, type Measure, measure } from './verdict.js';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Scenes of the load begun in a second; each is one to three operations. */
  readonly rate: number;
  readonly log: (line: string) => void;
}

export interface SoakOutcome {
  readonly seed: number;
  readonly minutes: number;
  readonly acknowledged: number;
  readonly ended: number;
  readonly measures: readonly Measure[];
  readonly samples: readonly Sample[];
  /** Of all processes together, when all is done. */
  readonly idleTransactionsPerMinute: number;
  readonly violations: readonly string[];
  readonly folder: string;
}

const SAMPLES = 120;
const LEAST_PAUSE_MS = 2_000;
const IDLE_MS = 60_000;

export function runSoak({ minutes, seed, rate, log }: SoakOptions): Promise<SoakOutcome> {
  return inHouse({ minutes, seed, only: [], log }, async ({ folder, database, system, journal, client, operations, random }) => {
    const load = new Load({ operations, underWay: () => client.underWay, database, random, rate });
    const samples: Sample[] = [];
    const began = performance.now();
    const forMs = minutes * 60_000;
    load.start();
    while (performance.now() - began < forMs) {
      await delay(Math.max(LEAST_PAUSE_MS, forMs / SAMPLES));
      const sample = await takeSample(database, system, Math.round(performance.now() - began));
      samples.push(sample);
      const [least, most] = [Math.min(...Object.values(sample.memory)), Math.max(...Object.values(sample.memory))];
      log(`${journal.total.acknowledged} operations acknowledged, ${sample.ended} runs ended, ${Math.round(least / 2 ** 20)} to ${Math.round(most / 2 ** 20)} MB a process`); // prettier-ignore
    }
    const waiting = await load.stop(SETTLE_LIMIT_MS);
    const restless = await comeToRest(database, log);
    const idle = await idleTransactions(database);
    await system.endServer();
    journal.close();
    const found = await lookFor(database, OWN_CHECKS, { journal: journal.path, isAtRest: true });
    const measures = measure(samples);
    return {
      ...{ seed, minutes, measures, samples, folder },
      ...{ acknowledged: journal.total.acknowledged, ended: samples.at(-1)?.ended ?? 0, idleTransactionsPerMinute: idle },
      violations: [...[waiting, restless].filter((one) => one !== undefined), ...found.violations, ...grown(measures)],
    };
  });
}

/** In a minute; the two looks at it are not counted. */
async function idleTransactions(database: Database): Promise<number> {
  const count = async (): Promise<number> => {
    const [row] = await database.query<{ n: number }>(
      'SELECT (xact_commit + xact_rollback)::float8 AS n FROM pg_stat_database WHERE datname = current_database()',
    );
    return row?.n ?? NaN;
  };
  const before = await count();
  await delay(IDLE_MS);
  return Math.round((await count()) - before - 1);
}
