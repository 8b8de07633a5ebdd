/** A worker to which hints are lost: what others have started it finds at its next sweep, and no later. Its timers ring when the test says so. */
import { setImmediate as turn } from 'node:timers/promises';
import { RunStatus } from '@stepwell/contracts';
import { Timers } from '@stepwell/engine';
import { workflow } from '@stepwell/sdk';
import type { Sql } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';

const SWEEP_MS = 10_000;
const LEASE_MS = 60_000;

const once = workflow<unknown>('once', { version: 1 }).then('once', () => 1);

interface Ring {
  at: number;
  readonly ring: () => void;
  readonly everyMs?: number;
}

/** Time that passes when the test says so. */
class MovedTimers extends Timers {
  private nowMs = 0;
  private readonly rings = new Set<Ring>();

  override steadyNow = (): number => this.nowMs;

  override after(ms: number, ring: () => void): () => void {
    return this.add({ at: this.nowMs + ms, ring });
  }

  override every(everyMs: number, ring: () => void): () => void {
    return this.add({ at: this.nowMs + everyMs, ring, everyMs });
  }

  /** Whatever is due by then rings, each once. */
  pass(ms: number): void {
    this.nowMs += ms;
    for (const one of [...this.rings]) {
      if (one.at > this.nowMs) continue;
      if (one.everyMs === undefined) this.rings.delete(one);
      else one.at = this.nowMs + one.everyMs;
      one.ring();
    }
  }

  private add(ring: Ring): () => void {
    this.rings.add(ring);
    return () => void this.rings.delete(ring);
  }
}

describe('a worker that listens and hears no hint', () => {
  const timers = new MovedTimers();
  let engine: Engine;
  let [asked, answered] = [0, 0];
  const counting = (sql: Sql): Sql => ({
    query: async (statement, values) => {
      asked++;
      return sql.query<never>(statement, values).finally(() => answered++);
    },
  });
  beforeAll(async () => {
    engine = await startEngine({
      workflows: [once],
      hearsNothing: true,
      timers,
      sql: counting,
      worker: { sweepMs: SWEEP_MS, leaseMs: LEASE_MS },
    });
  });
  afterAll(() => engine.close());

  /** No statement of the worker is on its way, and none follows one that has come back. */
  const quiet = () =>
    until(
      async () => {
        const before = asked;
        for (let turns = 0; turns < 5; turns++) await turn();
        return asked === before && answered === asked;
      },
      (isQuiet) => isQuiet,
      'The worker should have nothing more to ask',
    );
  const pass = async (ms: number) => {
    timers.pass(ms);
    await quiet();
  };

  it('finds what another process has started at its next sweep, and asks for nothing before that', async () => {
    const other = await engine.spawn({ idle: true });
    await quiet();
    await pass(SWEEP_MS);
    const { runId } = await other.runs.start({ tenant: TENANT, workflow: 'once', input: null, actor: null });
    await pass(SWEEP_MS - 1);
    expect((await engine.row(runId)).status).toBe(RunStatus.queued);
    await pass(1);
    await engine.waitFor(runId, RunStatus.completed);
  });
});
