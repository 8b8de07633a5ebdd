/** Nodes that were injected into a run, as data. */
import type { Json } from '@stepwell/contracts';

/** A node of a run. */
interface Place {
  readonly path: string;
  readonly iteration: string;
}

export interface InjectedNodeData {
  readonly id: string;
  readonly handler: string;
  readonly params: Json;
  readonly options: Json;
}

/** Nodes for one inject point, checked. */
export interface NodesToInject {
  /** The point. */
  readonly at: Place;
  readonly nodes: readonly InjectedNodeData[];
  /** 0: before the next one that has not begun; null: behind them all. */
  readonly position: 0 | null;
  /** How many the run may have, as its workflow said when this was checked. */
  readonly max: number;
}

export interface InjectedSequence {
  /** In the order in which they were injected: the index is the last part of their iteration. `by` is the step that has, null for somebody outside. */
  readonly nodes: (InjectedNodeData & { readonly by: Place | null })[];
  /** In which order they are run, by index. */
  readonly order: number[];
}
