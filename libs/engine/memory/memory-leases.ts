/** Workers in memory, with the rules of `storage/queries/workers.query.ts`, `take-over.query.ts` and `crashes.query.ts`. */
import { inIsolation, SUSPECT_FROM } from '../ports/suspicion.js';
import type { Heard, TakenOver, WorkerRow } from '../ports/worker-leases.port.js';
import { withoutIsolation } from './memory-commit.js';
import type { MemoryDispatch, MemoryRows, MemoryRun, MemoryWorker } from './memory-rows.js';

export class MemoryLeases {
  constructor(private readonly rows: MemoryRows) {}

  register({ id, roles, queues }: WorkerRow, leaseMs: number): Heard {
    const now = this.rows.now();
    const worker = {
      expiresAt: now + leaseMs,
      heardAt: now,
      heardSince: now,
      ended: false,
      crashed: false,
      isIsolated: roles.includes('isolated'),
      queues,
    };
    this.rows.workers.set(id, worker);
    return this.seenBy(worker);
  }

  beat(id: string, leaseMs: number): Heard | undefined {
    const worker = this.rows.workers.get(id);
    if (!worker || worker.ended) return undefined;
    return this.seenBy(Object.assign(worker, this.heard(worker, leaseMs)));
  }

  private heard(worker: MemoryWorker, leaseMs: number): Pick<MemoryWorker, 'expiresAt' | 'heardAt' | 'heardSince'> {
    const now = this.rows.now();
    const isLately = ({ heardAt }: MemoryWorker) => heardAt >= now - leaseMs / 2 && heardAt <= now;
    const others = [...this.rows.workers.values()].filter((one) => isLately(one) && one.expiresAt - one.heardAt < leaseMs * 1.1);
    const heardSince = isLately(worker) ? Math.min(now, ...others.map((one) => one.heardSince)) : now;
    return { expiresAt: now + leaseMs, heardAt: now, heardSince };
  }

  private seenBy(worker: MemoryWorker): Heard {
    const now = worker.heardAt;
    const isOneSilent = [...this.rows.workers.values()].some((other) => other !== worker && !other.ended && other.expiresAt < now);
    return { now, others: this.othersThan(worker, now), isOneSilent, heardForMs: now - worker.heardSince };
  }

  private othersThan(worker: MemoryWorker, now: number): number {
    const shares = (other: MemoryWorker) => other !== worker && !other.ended && !other.isIsolated && other.expiresAt > now;
    return [...this.rows.workers.values()].filter((other) => shares(other) && other.queues.some((queue) => worker.queues.includes(queue)))
      .length;
  }

  end(id: string): void {
    const worker = this.rows.workers.get(id);
    if (worker) worker.ended = true;
  }

  forgive(id: string): void {
    const worker = this.rows.workers.get(id);
    if (worker) worker.crashed = false;
    for (const row of [...this.rows.runs.values(), ...this.rows.dispatches.values()]) {
      if (!row.crashes.includes(id) || (row.status !== 'queued' && row.status !== 'running')) continue;
      row.crashes = row.crashes.filter((one) => one !== id);
      if (row.crashes.length < SUSPECT_FROM) row.needs = withoutIsolation(row.needs);
    }
  }

  takeOver(limit: number, judge: string | null): TakenOver {
    const { workers, runs, dispatches, now } = this.rows;
    const judging = judge === null ? undefined : workers.get(judge);
    if (judging && !judging.ended && !judging.isIsolated && judging.heardAt > now() - (judging.expiresAt - judging.heardAt) / 2)
      for (const worker of workers.values())
        if (!worker.ended && worker.expiresAt < now()) [worker.ended, worker.crashed] = [true, !worker.isIsolated];
    const orphanedRuns = this.orphans(runs.values(), limit);
    const orphanedDispatches = this.orphans(dispatches.values(), limit);
    for (const run of orphanedRuns) this.rows.setStatus(run, 'queued');
    for (const dispatch of orphanedDispatches) dispatch.status = 'queued';
    const isFull = Math.max(orphanedRuns.length, orphanedDispatches.length) >= limit;
    return { queues: new Set([...orphanedRuns, ...orphanedDispatches].map(({ queue }) => queue)), isFull };
  }

  private orphans<Row extends MemoryRun | MemoryDispatch>(all: Iterable<Row>, limit: number): Row[] {
    const found: Row[] = [];
    for (const row of all) {
      if (row.status !== 'running' || row.worker === null || found.length >= limit) continue;
      const worker = this.rows.workers.get(row.worker);
      if (worker && !worker.ended) continue;
      if (worker?.crashed) {
        row.crashes = [...row.crashes, row.worker];
        if (row.crashes.length === SUSPECT_FROM) row.needs = inIsolation(row.needs);
      }
      row.worker = null;
      row.epoch++;
      found.push(row);
    }
    return found;
  }
}
