// Worker processes of a measurement, and what they and the database use meanwhile.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('worker.mjs', import.meta.url));
const MS_PER_TICK = 10;

/** A worker process, with what it says. */
export class WorkerProcess {
  #child;

  /**
   * Resolves when it takes work.
   * @param {{ databaseUrl: string, redisUrl?: string, tells?: string }} settings `tells`: the workflow of whose runs it tells when they end
   * @param {(id: string) => void} onEnded
   */
  static async start(settings, onEnded = () => {}) {
    const worker = new WorkerProcess(settings, onEnded);
    await worker.#said('ready');
    return worker;
  }

  constructor(settings, onEnded) {
    this.#child = fork(ENTRY, [JSON.stringify(settings)], {
      execArgv: ['--no-warnings', '--expose-gc', '--enable-source-maps'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#child.on('message', ({ ended }) => ended !== undefined && onEnded(ended));
  }

  get pid() {
    return this.#child.pid;
  }

  /** What it has had in memory at most, so far. */
  get peakMb() {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  }

  get cpuMs() {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  }

  async memory() {
    this.#child.send({ memory: true });
    return this.#said('memory');
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    this.#child.send({ stop: true });
    await once(this.#child, 'exit');
  }

  #said(word) {
    return new Promise((resolve, reject) => {
      const hear = (message) => {
        if (!(word in message)) return;
        this.#child.off('message', hear);
        resolve(message[word]);
      };
      this.#child.on('message', hear);
      this.#child.once('exit', (code) => reject(new Error(`A worker process has ended with code ${code}.`)));
    });
  }
}

/** Queues runs as `insert-runs` leaves them, by one statement a batch. */
export async function queueRuns(client, workflow, count) {
  for (let from = 0; from < count; from += BATCH) await client.query(QUEUE, [Math.min(BATCH, count - from), workflow]);
}

const BATCH = 50_000;

const QUEUE = `
  WITH n AS MATERIALIZED (SELECT new_id() AS id FROM generate_series(1, $1::int)),
  queued AS (
    INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, epoch, last_seq, started_by, lineage_root, priority)
    SELECT 'default', id, $2, 1, $2 || '@1', 'default', 'queued', 0, 1, 'api', id, 0 FROM n)
  INSERT INTO journal (tenant, run_id, seq, type, payload)
  SELECT 'default', id, 1, 'run.started', '{"input": {"i": 1}}' FROM n`;
