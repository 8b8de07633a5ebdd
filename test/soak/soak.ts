/** A long time of steady load on real processes, without any harm: whether memory and tables stay as they are, and what is idle afterwards. */
import { setTimeout as delay } from 'node:timers/promises';
import { MOST_IDLE_STATEMENTS_PER_MINUTE } from '../cost/budget.js';
import { callsBetween, callsOf } from '../cost/statement-calls.js';
import type { Database } from '../crash/database.js';
import { inHouse, LEASE_MS } from '../faults/house.js';
import { Load } from '../faults/load/load.js';
import { lookFor } from '../faults/look-for.js';
import { OWN_CHECKS } from '../faults/own-checks.js';
import { comeToRest, SETTLE_LIMIT_MS } from '../faults/rest.js';
import { WORKERS } from '../faults/system.js';
import { type Sample, takeSample } from './sample.js';
import { grown, type Idle, type Measure, measure, restless as restlessOf, unjudged } from './verdict.js';

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
  /** When all is done. */
  readonly idle: Idle;
  readonly violations: readonly string[];
  readonly folder: string;
}

const SAMPLES = 120;
const LEAST_PAUSE_MS = 2_000;
const IDLE_MS = 60_000;
/** Whose budget is that of performance.md. All that a process does by itself keeps step with its lease. */
const PRODUCT_LEASE_MS = 15_000;
const MOST_IDLE_STATEMENTS = (WORKERS.length + 1) * MOST_IDLE_STATEMENTS_PER_MINUTE * (PRODUCT_LEASE_MS / LEASE_MS);

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
    const idle: Idle = { calls: await idleCalls(database), most: MOST_IDLE_STATEMENTS };
    await system.endServer();
    journal.close();
    const found = await lookFor(database, OWN_CHECKS, { journal: journal.path, isAtRest: true });
    const measures = measure(samples);
    return {
      ...{ seed, minutes, measures, samples, folder },
      ...{ acknowledged: journal.total.acknowledged, ended: samples.at(-1)?.ended ?? 0, idle },
      violations: [
        ...[waiting, restless].filter((one) => one !== undefined),
        ...found.violations,
        ...grown(measures),
        ...unjudged(samples),
        ...restlessOf(idle),
      ],
    };
  });
}

/** By statement, of all processes together, in a minute. */
async function idleCalls(database: Database): Promise<Record<string, number>> {
  const before = await callsOf(database.connections);
  await delay(IDLE_MS);
  return callsBetween(before, await callsOf(database.connections));
}
