/** Workflows as plain trees, and what must come out of them. */
import type { Json } from '@stepwell/contracts';

/** How a step behaves before it returns its name. */
export const STEP_WAYS = ['at-once', 'retries', 'sleeps', 'asks', 'asks-again', 'is-ignored', 'elsewhere', 'is-delayed', 'gives-up', 'is-late', 'is-late-elsewhere', 'charges'] as const; // prettier-ignore
export type StepWay = (typeof STEP_WAYS)[number];

/** Of steps that another worker executes. */
export const OTHER_QUEUE = 'other';

export const LOOP_WAYS = ['while', 'until', 'count', 'cap', 'go-on'] as const;
export type LoopWay = (typeof LOOP_WAYS)[number];

export const ITEM_POLICIES = ['stop', 'continue', 'collect'] as const;
export type ItemPolicy = (typeof ITEM_POLICIES)[number];

export const INJECT_WAYS = ['at-once', 'retries', 'sleeps', 'elsewhere', 'undoable'] as const;
export type InjectWay = (typeof INJECT_WAYS)[number];

export type Tree =
  | { readonly kind: 'step'; readonly way: StepWay }
  | { readonly kind: 'failing-step' }
  /** Has an undo, which fails once before it works. */
  | { readonly kind: 'undoable-step' }
  | { readonly kind: 'skipped-step' }
  /** Fails in the first run, and not when that is retried. */
  | { readonly kind: 'breaking-step' }
  /** Is parked, and does not fail when it is retried. */
  | { readonly kind: 'parked-step' }
  | { readonly kind: 'screen' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'wait-for-event' }
  | { readonly kind: 'wait-for-signal' }
  | { readonly kind: 'child' }
  | { readonly kind: 'emit' }
  /** `taken` is the arm whose condition holds first; -1 for none of them, which is the else if there is one. */
  | { readonly kind: 'if'; readonly taken: number; readonly arms: readonly Sequence[]; readonly otherwise: Sequence | null }
  /** `taken` is the route that fits; -1 for none of them, which is the default if there is one, and a failure otherwise. */
  | {
      readonly kind: 'router';
      readonly by: 'value' | 'condition';
      readonly taken: number;
      readonly routes: readonly Sequence[];
      readonly otherwise: Sequence | null;
    }
  /** All weight is on the variant that is taken; -1 stands for one without a branch. */
  | { readonly kind: 'ab-split'; readonly taken: number; readonly variants: readonly Sequence[] }
  | {
      readonly kind: 'parallel';
      readonly mode: 'fail-fast' | 'collect-all';
      readonly concurrency: number;
      readonly branches: readonly Sequence[];
    }
  /** The others never end, or all fail where this one does. */
  | {
      readonly kind: 'race';
      readonly first: 'success' | 'settled';
      readonly winner: Sequence;
      readonly others: readonly Sequence[];
      readonly compensates?: boolean;
    }
  | {
      readonly kind: 'try';
      readonly body: Sequence;
      readonly catch: Sequence | null;
      readonly finally: Sequence | null;
      readonly compensates?: boolean;
    }
  | { readonly kind: 'cancellation-scope'; readonly body: Sequence }
  /** `cap` and `go-on` have no other end than their cap, which fails them or not. */
  | { readonly kind: 'loop'; readonly by: LoopWay; readonly turns: number; readonly pauses: boolean; readonly branch: Sequence }
  | { readonly kind: 'for-each'; readonly items: number; readonly concurrency: number; readonly branch: Sequence }
  | { readonly kind: 'inject'; readonly way: InjectWay }
  /** `refused` is the item that no run is started of; none when it is past the end. */
  | {
      readonly kind: 'for-each-run';
      readonly items: number;
      readonly page: number;
      readonly refused: number;
      readonly concurrency: number;
      readonly onItemFailure: ItemPolicy;
    };

export type Sequence = readonly [Tree, ...Tree[]];

/** What must come out; `unknown` where it depends on the order of things (below a failed fail-fast), or on the iteration. */
export type Expected =
  | { readonly status: 'completed'; readonly output: Json | undefined }
  | { readonly status: 'failed' }
  | { readonly status: 'not-reached' }
  | { readonly status: 'unknown' };
