// The list of runs behind the page: asks for pages, follows changes where somebody looks, and keeps still what somebody reads.
import type { CombinedError } from '@urql/core';
import type { Page } from '../../connection/use-connection.js';
import type { RunRow } from '../runs.query.js';
import { changedInPlace, moved, NO_ROWS, withOlder, type RunRows } from './run-rows.js';

/** The most that the server gives at once. */
const LARGEST_PAGE = 100;
/** New runs are counted up to this many beyond what is seen. */
const NEWS = 20;

export interface FeedState {
  readonly rows: RunRows;
  /** False until the first answer. */
  readonly isLoaded: boolean;
  readonly isLoadingMore: boolean;
  readonly error: CombinedError | undefined;
}

/** What of the rows is seen: the first, and the one after the last. */
export interface SeenRows {
  readonly from: number;
  readonly to: number;
}

export interface Answer {
  readonly page?: Page<RunRow> | undefined;
  readonly error?: CombinedError | undefined;
}

export type AskForRuns = (first: number, after: string | null) => Promise<Answer>;

export class RunFeed {
  private state: FeedState = { rows: NO_ROWS, isLoaded: false, isLoadingMore: false, error: undefined };
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ask: AskForRuns) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): FeedState => this.state;

  /** The next page, unless one is on its way. */
  async loadMore(): Promise<void> {
    const { rows, isLoadingMore } = this.state;
    if (isLoadingMore || !rows.hasMore) return;
    this.set({ isLoadingMore: true });
    const last = rows.edges.at(-1)?.cursor ?? null;
    const { page, error } = await this.ask(LARGEST_PAGE, last);
    const now = this.state.rows;
    // The list may have begun anew meanwhile.
    const isNext = (now.edges.at(-1)?.cursor ?? null) === last;
    this.set({ isLoadingMore: false, isLoaded: true, error, ...(page && isNext ? { rows: withOlder(now, page) } : {}) });
  }

  /** Something has changed somewhere. @param mayMove whether nobody would notice that rows move */
  async refresh(seen: SeenRows, mayMove: boolean): Promise<void> {
    if (!this.state.isLoaded || this.state.rows.edges.length === 0) return this.begin();
    if (mayMove) return this.begin(Math.max(seen.to, NEWS));
    const from = Math.max(0, Math.min(seen.from, this.state.rows.edges.length - 1));
    const count = Math.max(1, seen.to - from);
    if (from === 0) return this.change(null, count + NEWS);
    await Promise.all([this.change(null, NEWS), this.change(this.state.rows.edges[from - 1]?.cursor ?? null, count)]);
  }

  /** Lets the list begin with the newest. */
  async begin(count = LARGEST_PAGE): Promise<void> {
    const { page, error } = await this.ask(Math.min(count, LARGEST_PAGE), null);
    this.set({ isLoaded: true, error, ...(page ? { rows: moved(this.state.rows, page) } : {}) });
  }

  private async change(after: string | null, count: number): Promise<void> {
    const { page, error } = await this.ask(Math.min(count, LARGEST_PAGE), after);
    const { rows } = this.state;
    const before = after === null ? 0 : rows.edges.findIndex(({ cursor }) => cursor === after) + 1;
    // What stood before it may be gone, when the list began anew meanwhile.
    if (after !== null && before === 0) return;
    this.set({ error, ...(page ? { rows: changedInPlace(rows, page, before) } : {}) });
  }

  private set(change: Partial<FeedState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
