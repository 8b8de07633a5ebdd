/**
 * The same scenario again and again, each time with a process that dies before or after another of the things that it writes. Whatever it
 * was doing, another process takes over, and the end must be the same: of every run its status and output, of every task its answer, of
 * every event its payload.
 */
import { type Death, type Write } from './process/mortal-store.js';
import { TestKit, type TestKitOptions } from './test-kit.js';

export interface CrashReport {
  /** What the scenario wrote without a crash: as many places to die at, each twice. */
  readonly commits: number;
  /** In how many repetitions a process died. */
  readonly crashes: number;
}

/**
 * @param scenario what happens, and what must be true of it. It is told nothing of the crash; handlers may be called more than once, so
 *   it counts outside effects by their idempotency keys
 * @throws Error that names the commit, when an end differs or the scenario throws
 */
export async function crashAtEveryCommit(options: TestKitOptions, scenario: (t: TestKit) => Promise<void>): Promise<CrashReport> {
  const now = options.now ?? new Date();
  const calm = await play({ ...options, now }, scenario);
  let crashes = 0;
  for (const [index, write] of calm.writes.entries()) {
    for (const moment of ['before', 'after'] as const) {
      const place = `A crash ${moment} commit ${index + 1} of ${calm.writes.length}, ${write.what},`;
      const crashed = await play({ ...options, now }, scenario, { write: write.number, moment }).catch((cause: unknown) => {
        throw new Error(`${place} breaks the scenario: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      });
      if (crashed.hasCrashed) crashes++;
      if (crashed.end !== calm.end) throw new Error(`${place} changes the end.\nWithout it:\n${calm.end}\nWith it:\n${crashed.end}`);
    }
  }
  return { commits: calm.writes.length, crashes };
}

async function play(options: TestKitOptions, scenario: (t: TestKit) => Promise<void>, death?: Death) {
  const kit = await TestKit.open(options, death);
  try {
    await scenario(kit);
    return { end: await endOf(kit), writes: kit.writes.done as readonly Write[], hasCrashed: kit.crashes > 0 };
  } finally {
    await kit.close();
  }
}

/** Ids are made up anew by each repetition, and of things that happen side by side either may be first. */
async function endOf(kit: TestKit): Promise<string> {
  const runs = await Promise.all(
    (await kit.runs()).map(async ({ id, workflow, status, waitsFor, errorCode }) => {
      const output = status === 'completed' ? await kit.run(id).output() : null;
      return { run: workflow, status, waitsFor: [...waitsFor].sort(), errorCode, output };
    }),
  );
  const tasks = (await kit.tasks()).map(({ screen, subject, status, answer }) => ({ task: screen, subject, status, answer }));
  const events = (await kit.events()).map(({ name, payload, idempotencyKey }) => ({ event: name, payload, idempotencyKey }));
  return [...runs, ...tasks, ...events].map(textOf).sort().join('\n');
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(\.[A-Za-z0-9_-]{12})?/g;
const IDEMPOTENCY_KEY = /\b[0-9a-f]{40}\b/g;

function textOf(value: unknown): string {
  return JSON.stringify(value).replaceAll(UUID, '<id>').replaceAll(IDEMPOTENCY_KEY, '<key>');
}
