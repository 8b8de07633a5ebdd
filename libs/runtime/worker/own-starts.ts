/**
 * Runs that the runs of this worker start: children, and what an emitter has read. As those of a start by a process with room they are
 * inserted leased to this worker, which saves the claim of each and the read of its journal; who needs a permit queues for it, and who is
 * parked waits. Of the runs of one commit the worker takes its share, one of as many as there are workers; the others are for whoever claims
 * them.
 */
import {
  type ChildRow,
  type Clock,
  type CommitOutcome,
  type NewRun,
  type RunCommit,
  type Timers,
  UnstorableError,
  type WakeUpQueue,
  type WorkflowCatalog,
} from '@stepwell/engine';
import type { ActiveRuns } from './active-runs.js';
import type { Arrivals } from './arrivals.js';
import { firstFact, firstLease } from './first-lease.js';
import type { RunsOfRuns } from './host.js';

/** A run that is about to be inserted. */
type OwnStart = Pick<NewRun, 'id' | 'workflow' | 'version' | 'queue' | 'permitKey'> & { readonly worker?: string | null };

type Via = (commit: RunCommit) => Promise<CommitOutcome>;

interface Begun {
  readonly tenant: string;
  /** The run that waits for its end. */
  readonly parentRun: string | null;
  /** JSON text. */
  readonly input: string;
}

export interface OwnStartsParts {
  readonly worker: {
    readonly arrivals: Pick<Arrivals, 'reserve' | 'adopt' | 'decline'>;
    readonly catalog: Pick<WorkflowCatalog, 'isServed'>;
    readonly clock: Pick<Clock, 'now'>;
    readonly timers: Pick<Timers, 'after'>;
  };
  readonly active: Pick<ActiveRuns, 'room' | 'whenRoomFor'>;
  readonly maxActive: number;
  readonly wakeUps: Pick<WakeUpQueue, 'wake'>;
}

/** In which the emitters of a worker that has no room bring a batch each. */
const LONGEST_WAIT_MS = 1_000;

export class OwnStarts implements RunsOfRuns {
  /** How many other workers there are to share with. */
  others = 0;

  constructor(private readonly parts: OwnStartsParts) {}

  /**
   * Has a commit made with those of its children leased to this worker that it takes; they go on here when it is durable.
   *
   * @param via rejects with an UnstorableError when nothing was kept; with anything else, something may have been
   */
  commit(commit: RunCommit, via: Via): Promise<CommitOutcome> {
    return commit.children.length === 0 ? via(commit) : this.withChildren(commit, via);
  }

  private async withChildren(commit: RunCommit, via: Via): Promise<CommitOutcome> {
    const { tenant, runId } = commit;
    const children = this.reserveShare(commit.children, () => tenant);
    let outcome: CommitOutcome;
    try {
      outcome = await via({ ...commit, children });
    } catch (error) {
      this.decline(children, error instanceof UnstorableError);
      throw error;
    }
    const born = ({ isAwaited, input }: ChildRow): Begun => ({ tenant, parentRun: isAwaited ? runId : null, input: JSON.stringify(input) });
    if (outcome) this.goOn(children, born);
    else this.decline(children, true);
    return outcome;
  }

  /** Then call `begin` or `decline`. @returns the same runs, in their order, those that are taken with their worker */
  reserve(runs: readonly NewRun[]): readonly NewRun[] {
    return this.reserveShare(runs, ({ tenant }) => tenant);
  }

  private reserveShare<Start extends OwnStart>(starts: readonly Start[], tenantOf: (start: Start) => string): readonly Start[] {
    const share = Math.ceil(starts.length / (1 + this.others));
    return starts.map((start, index) => ({ ...start, worker: index < share ? this.placeOf(start, tenantOf(start)) : null }));
  }

  /** They are durable. */
  begin(runs: readonly NewRun[]): void {
    this.goOn(runs, ({ tenant, input }) => ({ tenant, parentRun: null, input }));
  }

  /**
   * Resolves when an emitter may read its next batch. It reads faster than its runs are worked off: what the only worker has no room for would
   * lie in the queue, in front of everybody else's runs, and cost a claim and a read each. It waits for a while only, since handlers may
   * take hours, and fewer places than a batch are places, too; and not at all where there are other workers.
   *
   * @param batchSize at most so many runs come of it
   */
  async roomFor(batchSize: number): Promise<void> {
    const { active, maxActive, worker } = this.parts;
    // Half of all places are enough for the largest batch: the emitter has one itself, and a worker may have few.
    const needed = Math.min(batchSize, Math.floor(maxActive / 2));
    if (this.others > 0 || active.room >= needed) return;
    await new Promise<void>((resolve) => {
      const forget = active.whenRoomFor(needed, () => {
        stop();
        resolve();
      });
      const stop = worker.timers.after(LONGEST_WAIT_MS, () => {
        forget();
        resolve();
      });
    });
  }

  /** They were not inserted. @param isKnown false when they may have been */
  decline(starts: readonly OwnStart[], isKnown: boolean): void {
    for (const { id, worker } of starts) if (worker != null) this.parts.worker.arrivals.decline(id, isKnown);
  }

  private goOn<Start extends OwnStart>(starts: readonly Start[], about: (start: Start) => Begun): void {
    const { arrivals, clock } = this.parts.worker;
    const queues = new Set<string>();
    for (const start of starts) {
      const { id, workflow, version, queue, worker } = start;
      if (worker == null) {
        queues.add(queue);
        continue;
      }
      const { tenant, parentRun, input } = about(start);
      arrivals.adopt(firstLease({ tenant, id, workflow, version, queue, actor: null, parent_run: parentRun }), [
        firstFact(input, clock.now()),
      ]);
    }
    if (queues.size > 0) this.parts.wakeUps.wake(queues);
  }

  private placeOf(start: OwnStart, tenant: string): string | null {
    const { arrivals, catalog } = this.parts.worker;
    return start.permitKey === null && catalog.isServed(start) ? arrivals.reserve({ tenant, queue: start.queue, id: start.id }) : null;
  }
}
