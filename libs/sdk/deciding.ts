/** Who may decide a task: what the author of a screen may say of it, beside naming people. */
import type { Actor, Json } from '@stepwell/contracts';
import type { ReadContext } from './read-context.js';

/** Who would decide. */
export interface Decider {
  readonly id: string;
  /** What a person signs in with; the name of a key. */
  readonly name: string;
  /** None of a key. */
  readonly groups: readonly string[];
  readonly kind: Actor['kind'];
  /** He, or by a key whoever made it, has started the run or what led to it: what caused it, its parent, the run that it retries. */
  readonly hasStarted: boolean;
}

/** What was decided at another screen of the run. */
export interface EarlierDecision {
  readonly screen: string;
  /** The path of its node. */
  readonly node: string;
  readonly by: Actor | null;
  readonly answer: Json;
}

/** What `mayDecide` may read: the run as any code does that stands at the screen, and the task. */
export interface DecidingContext<In = unknown, Props = unknown> extends ReadContext<In> {
  readonly props: Props;
  /** Oldest first. */
  readonly decisions: readonly EarlierDecision[];
}

/** `true`: he may. `false`, or a text that tells him why: he may not. */
export type MayDecide = boolean | string;

/** What a screen does with the work of whoever would decide: see `ScreenPlacement`. */
export const OWN_WORK = ['allowed', 'refused'] as const;
export type OwnWork = (typeof OWN_WORK)[number];
