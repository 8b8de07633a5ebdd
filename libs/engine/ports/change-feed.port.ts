/** What changed. A hint for subscribers, who then fetch what they show; never data. */
export interface Change {
  readonly tenant: string;
  readonly kind: 'run' | 'task' | 'emitter';
  /** Of what changed; for the tasks that an ending run closes, the run's. */
  readonly id: string;
}

/** Coalesced invalidations for live pages, over all processes. Called after the commit only. */
export abstract class ChangeFeed {
  /** Returns at once. Changes of this process reach its own subscribers without the database. */
  abstract publish(changes: readonly Change[]): void;
  /**
   * @param onGap called when changes may have been missed (a lost connection is back): let every page look again
   * @returns ends the subscription
   */
  abstract subscribe(onChange: (change: Change) => void, onGap?: () => void): () => void;
  abstract close(): Promise<void>;
}
