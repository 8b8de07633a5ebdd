/** What people, machines and operators do, each with one run or a few: they ask for the next thing only when the last one was acknowledged. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../crash/database.js';
import type { Random } from '../../crash/random.js';
import type { Lookout } from './lookout.js';
import type { Operations } from './operations.js';

export interface Actors {
  readonly operations: Operations;
  /** Those of another tenant, who says the same words about what is not its own. */
  readonly stranger: Operations;
  readonly random: Random;
  readonly database: Database;
  readonly lookout: Lookout;
}

export interface Scene {
  /** Of so many scenes how many are of this kind. What is dear is rare. */
  readonly share: number;
  readonly play: (actors: Actors) => Promise<unknown>;
}

/** So many runs wait for one event. */
const CALLED = 20;
/** So many runs share one output. */
const SHARING = 4;
/** Weights and limits of tenants are there for so long. */
const FAVORED_MS = 3_000;
/** More than all workers together have at work: what is to be seen is the statement, not the limit. */
const NO_LIMIT = 10_000;

export const SCENES = {
  ledger: { share: 26, play: ({ operations, random }) => operations.start('ledger', { weight: Math.floor(random.between(1, 1_000)) }) },
  news: { share: 22, play: ({ operations, random }) => operations.emit('faults.news', Math.floor(random.between(1, 1_000))) },
  paced: { share: 6, play: ({ operations }) => operations.start('paced', { weight: 7 }) },
  unhurried: { share: 1, play: ({ operations }) => operations.start('unhurried', { weight: 6 }) },
  capped: { share: 5, play: ({ operations }) => operations.start('capped', { weight: 1 }) },
  single: { share: 3, play: ({ operations }) => operations.start('single', { weight: 1 }) },
  namesakes: { share: 2, play: namesakes },
  repeated: { share: 2, play: ({ operations }) => operations.startAgain('ledger', { weight: 9 }) },
  reviewed: { share: 8, play: reviewed },
  told: { share: 8, play: told },
  canceled: { share: 4, play: canceled },
  retried: { share: 3, play: retried },
  mixed: { share: 2, play: mixed },
  called: { share: 0.3, play: called },
  elsewhere: { share: 4, play: ({ operations }) => operations.start('elsewhere', { weight: 8 }) },
  awaiting: { share: 3, play: awaiting },
  withdrawn: { share: 3, play: withdrawn },
  panel: { share: 2, play: panel },
  overdue: { share: 0.5, play: overdue },
  shared: { share: 0.5, play: shared },
  favored: { share: 0.05, play: favored },
} as const satisfies Readonly<Record<string, Scene>>;
export type SceneName = keyof typeof SCENES;
export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

async function reviewed({ operations, random, lookout }: Actors): Promise<void> {
  const run = await operations.start('review', { weight: 3 });
  if (!run) return;
  const task = await lookout.taskOf(run.runId);
  if (!task) return;
  const first = random.next() < 0.5 ? 0 : 1;
  await Promise.all([operations.decide(task, first), operations.decide(task, first === 0 ? 1 : 0)]);
}

/** Now and then somebody goes on to speak to a run that has ended by then, or is about to. */
async function told({ operations, random }: Actors): Promise<void> {
  const run = await operations.start('signaled', { weight: 5 });
  if (!run) return;
  await operations.signal(run.runId);
  if (random.next() < 0.2) await operations.signal(run.runId);
}

async function canceled({ operations, random }: Actors): Promise<void> {
  const run = await operations.start('lasting', { weight: 4 });
  if (!run) return;
  await delay(random.between(0, 2_000));
  await operations.cancel(run.runId);
}

/** Now and then somebody cancels what has ended already. */
async function retried({ operations, random, database, lookout }: Actors): Promise<void> {
  const run = await operations.start('failing', { weight: 2 });
  if (!run || !(await lookout.failureOf(run.runId))) return;
  if (random.next() < 0.3) await operations.cancel(run.runId);
  await database.surely('INSERT INTO faults.mended VALUES ($1) ON CONFLICT DO NOTHING', [run.op]);
  await operations.retry(run.runId);
}

/** Now and then a stranger speaks first, and now and then nobody else does. */
async function mixed({ operations, stranger, random }: Actors): Promise<void> {
  const isEarly = random.next() < 0.5;
  const run = await operations.start('mixed', { weight: 11 });
  if (!run) return;
  if (random.next() < 0.3) await stranger.emit('faults.go', 11, run.op);
  if (random.next() < 0.1) return;
  if (!isEarly) await delay(random.between(0, 3_000));
  await operations.emit('faults.go', 11, run.op);
}

/** Two events for many runs at once, which go on by them at the same time in all processes. */
async function called({ operations }: Actors): Promise<void> {
  const first = await operations.start('called', { weight: 1 });
  if (!first) return;
  await Promise.all(Array.from({ length: CALLED - 1 }, () => operations.start('called', { weight: 1, group: first.op })));
  await Promise.all([1, 2].map((weight) => operations.emit('faults.call', weight, first.op)));
}

/** Somebody outside has the result, or says that there is none; now and then two say so at once, and the first one counts. Before that somebody adds a node. */
async function awaiting({ operations, random, lookout }: Actors): Promise<void> {
  const run = await operations.start('awaiting', { weight: 2 });
  if (!run) return;
  const { runId } = run;
  const asking = await lookout.askingOf(runId);
  if (!asking) return;
  await operations.inject(runId);
  const isGood = random.next() < 0.9;
  const first = (): Promise<unknown> => operations.callBack(runId, asking.callbackUrl, isGood);
  const other = (): Promise<unknown> => operations.settle(runId, asking.id, true);
  const lot = random.next();
  await Promise.all(lot < 0.2 ? [first(), other()] : [lot < 0.7 ? first() : other()]);
}

async function withdrawn({ operations, stranger, random }: Actors): Promise<void> {
  const run = await operations.start('withdrawn', { weight: 4 });
  if (!run) return;
  if (random.next() < 0.3) await stranger.emit('faults.withdrawn', 4, run.op);
  if (random.next() < 0.1) return;
  await delay(random.between(0, 2_000));
  await operations.emit('faults.withdrawn', 4, run.op);
}

/** All three answer at once; who comes too late looks again. */
async function panel({ operations, random, lookout }: Actors): Promise<void> {
  const run = await operations.start('panel', { weight: 2 });
  if (!run) return;
  let left: readonly (0 | 1 | 2)[] = [0, 1, 2];
  for (let version = 0; left.length > 0;) {
    const task = await lookout.taskOf(run.runId, version);
    if (!task) return;
    ({ version } = task);
    const answers = await Promise.all(left.map(async (who) => ({ who, answer: await operations.review(task, who, random.pick(['yes', 'no'])) }))); // prettier-ignore
    left = answers.filter(({ answer }) => answer?.['code'] === 'VERSION_CONFLICT').map(({ who }) => who);
  }
}

/** Nobody does anything, until the load has an end: then somebody comes, mostly before the time is over. */
async function overdue({ operations, lookout }: Actors): Promise<void> {
  const run = await operations.start('overdue', { weight: 1 });
  if (!run || (await lookout.endOf(run.runId))) return;
  const task = await lookout.taskOf(run.runId);
  if (task) await operations.decide(task, 0);
}

/** Each of two tenants has such a group, under one name. */
async function shared({ operations, stranger }: Actors): Promise<void> {
  const first = await operations.start('shared', { weight: 1 });
  if (!first) return;
  const join = (whose: Operations) => whose.start('shared', { weight: 1, group: first.op });
  await Promise.all(Array.from({ length: SHARING - 1 }, () => Promise.all([join(operations), join(stranger)])));
}

/** Two tenants begin something under one key: it is two things. */
async function namesakes({ operations, stranger, random }: Actors): Promise<void> {
  const key = `namesakes-${Math.floor(random.between(0, 1e12))}`;
  await Promise.all([operations, stranger].map((one) => one.start('ledger', { weight: 4 }, key)));
}

/** As an operator does by `npm run tenants`: from then on, and until it is taken back, runs are claimed by another statement. */
async function favored({ database }: Actors): Promise<void> {
  await database.surely("INSERT INTO tenant_shares (tenant, weight, at_work) VALUES ('default', 2, $1) ON CONFLICT DO NOTHING", [NO_LIMIT]);
  await delay(FAVORED_MS);
  await database.surely("DELETE FROM tenant_shares WHERE tenant = 'default'");
}
