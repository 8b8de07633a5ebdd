import type { AnyStatus } from '../status/status-tone.js';

/** How a node of one run stands; over all iterations where it stands in a loop. */
export interface NodeState {
  readonly status: AnyStatus;
  /** A few words beside it: `×2` for attempts, `7 of 10`. */
  readonly note?: string | undefined;
  /** What happens in turn while it waits; drawn in it. */
  readonly chain?: readonly ChainLine[] | undefined;
}

/** One line of it, short enough for a node. */
export interface ChainLine {
  readonly key: number;
  readonly status: AnyStatus;
  readonly words: string;
  /** When it came, or comes. */
  readonly at: string | null;
  /** In the place of a time that is not known. */
  readonly note: string | undefined;
}

/** @returns undefined for a node that the run has not reached */
export type StateOf = (path: string) => NodeState | undefined;
