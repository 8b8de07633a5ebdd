/**
 * Runs that the runs of this worker start: children, and what an emitter has read. As those of a start by a process with room they are
 * inserted leased to this worker, which saves the claim of each and the read of its journal; who needs a permit queues for it, and who is
 * parked waits. Where there are other workers it takes its share, one of as many as there are workers, by turns over all commits: a parent
 * whose children end one by one starts one by one, and they would all come to be here. The others are for whoever claims them.
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
import { inPortions } from './in-portions.js';

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
    readonly arrivals: Pick<Arrivals, 'reserve' | 'leave' | 'adopt' | 'decline'>;
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
  /** So many starts are for others before the next one is for this worker. */
  private before = 0;

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
    return starts.map((start) => ({ ...start, worker: this.placeOf(start, tenantOf(start)) }));
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
    const queues = new Set<string>();
    const taken: Start[] = [];
    for (const start of starts) {
      if (start.worker == null) queues.add(start.queue);
      else taken.push(start);
    }
    if (queues.size > 0) this.parts.wakeUps.wake(queues);
    void this.adoptAll(taken, about);
  }

  /** Until their turn has come they are expected; when the worker stops meanwhile they are given back. */
  private async adoptAll<Start extends OwnStart>(starts: readonly Start[], about: (start: Start) => Begun): Promise<void> {
    const { arrivals, clock } = this.parts.worker;
    for await (const portion of inPortions(starts)) {
      for (const start of portion) {
        const { id, workflow, version, queue } = start;
        const { tenant, parentRun, input } = about(start);
        const run = firstLease({ tenant, id, workflow, version, queue, actor: null, parent_run: parentRun });
        arrivals.adopt(run, [firstFact(input, clock.now())]);
      }
    }
  }

  private placeOf(start: OwnStart, tenant: string): string | null {
    const { arrivals, catalog } = this.parts.worker;
    if (start.permitKey !== null || !catalog.isServed(start)) return null;
    if (this.isOurTurn()) return arrivals.reserve({ tenant, queue: start.queue, id: start.id });
    arrivals.leave(tenant);
    return null;
  }

  private isOurTurn(): boolean {
    this.before = Math.min(this.before, this.others);
    if (this.before-- > 0) return false;
    this.before = this.others;
    return true;
  }
}
