/** What the load sends and the workflows take. Every input, payload and signal has `op`, the number of its operation: by it the journal of the load finds it again. */
import { event, signal } from '@stepwell/sdk';
import { IsInt } from 'class-validator';

export interface Work {
  readonly op: number;
  readonly weight: number;
}

/** From outside; starts a run of `heard`, once per key. */
export const News = event<Work>('faults.news', { external: true });
/** Lets the mixed run of this operation go on. */
export const Go = event<Work>('faults.go', { external: true });
/** Lets all `called` runs of a group go on. */
export const Call = event<Work>('faults.call', { external: true });
/** Cancels the `withdrawn` run of this operation. */
export const Withdrawn = event<Work>('faults.withdrawn', { external: true });
/** Nobody ever emits it. */
export const Never = event<Work>('faults.never', { external: true });
/** Each entry that is booked announces it. */
export const Booked = event<{ readonly op: number; readonly total: number }>('faults.booked');

export class Word {
  @IsInt()
  op!: number;
}
export const Tell = signal('tell', Word);
