/** When the output of a step is written: at once, or gathered with later ones. What that may cost after a crash is in docs/guides/choose-a-delivery-mode.md. */
import { StepwellError } from '@stepwell/contracts';

/** Above it, what one crash repeats and one statement carries is more than anybody wants. */
const MAX_ITEMS = 1_000;

/** Items that pass the step in a for-each or a loop, one by one. */
export interface CheckpointDelivery {
  readonly mode: 'checkpoint';
  /** A checkpoint is made at every so-manieth item. Default 1. */
  readonly checkpointInterval?: number;
  /** So many checkpoints are written at once. Default 1. */
  readonly batchSize?: number;
}

/**
 * `durable`, the default: before the next node begins. `checkpoint`: as `durable`, but with an interval or a batch only every so many items.
 * `direct`: with whatever is written next.
 */
export type Delivery = 'durable' | 'direct' | 'checkpoint' | CheckpointDelivery;

/** How many outputs of the step may be behind: 1 for `durable`, without end for `direct`. */
export interface DeliveryPolicy {
  readonly mode: CheckpointDelivery['mode'] | 'durable' | 'direct';
  readonly every: number;
}

export const DURABLE: DeliveryPolicy = { mode: 'durable', every: 1 };

/** @throws StepwellError OPTION_INVALID, naming what it takes */
export function deliveryPolicy(delivery: Delivery | undefined, where: string): DeliveryPolicy | null {
  if (delivery === undefined) return null;
  if (delivery === 'durable') return DURABLE;
  if (delivery === 'direct') return { mode: 'direct', every: Infinity };
  const { mode, checkpointInterval = 1, batchSize = 1 } = delivery === 'checkpoint' ? { mode: delivery } : (delivery ?? {});
  if (mode !== 'checkpoint')
    throw invalid(where, "delivery is 'durable', 'direct', 'checkpoint' or { mode: 'checkpoint', checkpointInterval, batchSize }.");
  const every = checkpointInterval * batchSize;
  if (![checkpointInterval, batchSize, every].every((count) => Number.isInteger(count) && count >= 1 && count <= MAX_ITEMS))
    throw invalid(where, `checkpointInterval and batchSize are whole numbers from 1, and together at most ${MAX_ITEMS} items.`);
  return { mode, every };
}

/** A boundary is written at once, whatever the steps around it do. */
export function deliveryOfStep(
  { delivery, checkpoint }: { readonly delivery?: Delivery; readonly checkpoint?: true },
  where: string,
): DeliveryPolicy | null {
  const policy = deliveryPolicy(delivery, where);
  if (checkpoint === undefined) return policy;
  if ((checkpoint as unknown) !== true) throw invalid(where, 'checkpoint is true, or left out.');
  if (policy !== null && policy.mode !== 'durable')
    throw invalid(where, `checkpoint: true and delivery: '${policy.mode}' contradict each other. Leave one of them out.`);
  return DURABLE;
}

function invalid(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
