/** Steps on other queues in memory, with the rules of `storage/queries/dispatches.query.ts`. */
import type { ClaimedDispatch, DispatchRef } from '../ports/dispatch-store.port.js';
import { isEnded, type MemoryRows } from './memory-rows.js';

export class MemoryDispatches {
  constructor(private readonly rows: MemoryRows) {}

  claim(worker: string, queues: readonly string[], needs: readonly string[], limit: number): ClaimedDispatch[] {
    const fits = [...this.rows.dispatches.values()]
      .filter((one) => one.status === 'queued' && queues.includes(one.queue) && needs.includes(one.needs))
      .sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
    return fits.slice(0, limit).flatMap((dispatch) => {
      const run = this.rows.runs.get(dispatch.runId);
      if (!run) return [];
      dispatch.status = 'running';
      dispatch.worker = worker;
      dispatch.epoch++;
      const { tenant, id, epoch, path, iteration, attempt } = dispatch;
      const { id: run_id, workflow, version, queue: run_queue, lineageRoot: lineage_root, actor } = run;
      return [{ tenant, id, epoch, path, iteration, attempt, run_id, workflow, version, run_queue, lineage_root, actor }];
    });
  }

  /** @returns what ends it; undefined when another worker has it, or nobody wants it any more */
  prepareEnd({ id, epoch, run_id }: DispatchRef & { readonly run_id: string }, facts: unknown): (() => void) | undefined {
    const run = this.rows.runs.get(run_id);
    if (!run || isEnded(run) || this.rows.dispatches.get(id)?.epoch !== epoch) return undefined;
    return () => {
      this.rows.dispatches.delete(id);
      this.rows.addMessage(run, 'dispatch.ended', `dispatch:${id}:${epoch}`, { dispatchId: id, facts });
      this.rows.raise(run);
    };
  }

  giveBack({ id, epoch }: DispatchRef): void {
    const dispatch = this.rows.dispatches.get(id);
    if (dispatch?.epoch !== epoch || dispatch.status !== 'running') return;
    dispatch.status = 'queued';
    dispatch.worker = null;
    dispatch.epoch++;
  }
}
