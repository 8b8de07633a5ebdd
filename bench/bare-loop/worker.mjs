// The worker: claims runs in batches, advances each through its steps, and makes every fact durable before it goes on.

import { randomUUID } from 'node:crypto';
import { startChildren } from './children.mjs';
import { claim, requeueExpired } from './claim.mjs';
import { flush } from './flush.mjs';
import { GroupCommitter } from './group-committer.mjs';
import { STATUS } from './schema.mjs';
import { Timers } from './timers.mjs';
import { Latch } from './wake-up.mjs';

/** Without any wake-up, the worker looks this often. */
const IDLE_POLL_MS = 1000;
/** How often runs of silent workers are looked for; with the lease of 30 s a crash costs at most 35 s. */
const REQUEUE_EVERY_MS = 5000;

/** The lease went to another worker: this activation is over and what it holds in memory is worth nothing. */
class LeaseLost extends Error {}

/** The run waits: this activation is over, the next one begins when it is resumed. */
class Suspended extends Error {}

/**
 * @typedef {object} Context what a workflow is run with
 * @property {any} input
 * @property {(name: string, body: () => Promise<unknown>) => Promise<unknown>} step durable when it resolves
 * @property {() => Promise<unknown>} wait until somebody resumes the run; resolves with what he said
 * @property {(at: number) => Promise<void>} sleepUntil milliseconds since 1970; the same each time that the workflow is run from the top
 * @property {(wf: string, count: number, input: unknown) => Promise<void>} children starts them; resolves when all have ended
 */

export class Worker {
  #pool;
  #name;
  #workflows;
  #limits;
  #onEnd;
  #onWait;
  #committer;
  #latch = new Latch();
  #active = 0;
  #stopping = false;
  #loop = null;
  #requeueTimer = null;
  #timers;

  /**
   * @param {object} setup
   * @param {import('pg').Pool} setup.pool
   * @param {string} setup.name unique among living workers
   * @param {Record<string, (ctx: Context) => Promise<unknown>>} setup.workflows
   * @param {{ inFlight: number, claimBatch: number, flushLanes: number, flushBatch: number }} setup.limits
   * @param {(runId: string) => void} setup.onEnd called when a run's end is durable
   * @param {(runId: string, seq: number) => void} setup.onWait called when a run's wait is durable, with its place
   */
  constructor({ pool, name, workflows, limits, onEnd, onWait }) {
    this.#pool = pool;
    this.#name = name;
    this.#workflows = workflows;
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#onWait = onWait;
    this.#committer = new GroupCommitter((facts) => flush(pool, name, facts), { lanes: limits.flushLanes, maxBatch: limits.flushBatch });
  }

  start() {
    this.#loop = this.#claimLoop();
    this.#timers = new Timers(this.#pool, { pollMs: IDLE_POLL_MS, onDue: () => this.look() });
    this.#requeueTimer = setInterval(async () => {
      if ((await requeueExpired(this.#pool)) > 0) this.look();
    }, REQUEUE_EVERY_MS);
  }

  /** A wake-up: there may be queued runs. */
  look() {
    this.#latch.set();
  }

  /** Ends the claim loop; runs in flight go on until their process ends. */
  async stop() {
    this.#stopping = true;
    clearInterval(this.#requeueTimer);
    this.#timers.close();
    this.look();
    await this.#loop;
  }

  async #claimLoop() {
    while (!this.#stopping) {
      const room = Math.min(this.#limits.inFlight - this.#active, this.#limits.claimBatch);
      const runs = room > 0 ? await claim(this.#pool, this.#name, room) : [];
      for (const run of runs) this.#launch(run);
      const moreMayBeQueued = room > 0 && runs.length === room;
      if (!moreMayBeQueued) await this.#latch.wait(IDLE_POLL_MS);
    }
  }

  async #launch(run) {
    this.#active++;
    try {
      await this.#advance(run);
      this.#onEnd(run.id);
    } catch (error) {
      // Whether a failed flush has committed is unknown. This loop knows one safe answer: to die, and let the leases run out.
      if (!(error instanceof LeaseLost || error instanceof Suspended)) throw error;
    } finally {
      this.#active--;
      // Half empty: worth a claim of its own. Above that, claims come with the starts.
      if (this.#active < this.#limits.inFlight / 2) this.look();
    }
  }

  async #advance(run) {
    let seq = 0;
    const step = async (name, body) => {
      const place = ++seq;
      if (run.outputs.has(place)) return run.outputs.get(place);
      const output = await body();
      await this.#commit(run, { seq: place, name, output, nextStatus: STATUS.running });
      return output;
    };
    const wait = async () => {
      const place = ++seq;
      if (run.outputs.has(place)) return run.outputs.get(place);
      await this.#commit(run, { seq: place, name: null, output: null, nextStatus: STATUS.waiting });
      this.#onWait(run.id, place);
      throw new Suspended();
    };
    const sleepUntil = async (at) => {
      const place = ++seq;
      if (Date.now() >= at) return;
      await this.#commit(run, { seq: place, name: null, output: null, nextStatus: STATUS.waiting, wakeAt: new Date(at) });
      this.#timers.add(at);
      this.#onWait(run.id, place);
      throw new Suspended();
    };
    const children = async (wf, count, input) => {
      const place = ++seq;
      if (run.outputs.has(place)) return;
      const ids = Array.from({ length: count }, () => randomUUID());
      if (!(await startChildren(this.#pool, this.#name, run, { seq: place, wf, input, ids }))) throw new LeaseLost(`Run ${run.id}`);
      this.look();
      throw new Suspended();
    };
    const output = await this.#workflows[run.wf]({ input: run.input, step, wait, sleepUntil, children });
    await this.#commit(run, { seq: ++seq, name: null, output, nextStatus: STATUS.completed });
    // Its parent may be queued now.
    if (run.parent) this.look();
  }

  async #commit(run, { seq, name, output, nextStatus, wakeAt = null }) {
    const { id, epoch, parent } = run;
    const outcome = await this.#committer.add({ id, epoch, seq, name, output: JSON.stringify(output), nextStatus, wakeAt, parent });
    if (outcome === 'fenced') throw new LeaseLost(`Run ${id} is no longer led by epoch ${epoch}`);
  }
}
