import type { LedgerCounts } from '@stepwell/storage';
import type { LedgerObject } from './emitter.object.js';

const NOTHING: LedgerCounts = {
  read: 0,
  rejected: 0,
  deduplicated: 0,
  queued: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  completed: 0,
  failed: 0,
  canceled: 0,
};

/** @param counts absent when nothing was read yet */
export function ledgerObject(counts: LedgerCounts = NOTHING): LedgerObject {
  const { read, ...parts } = counts;
  return { ...counts, balances: Object.values(parts).reduce((sum, count) => sum + count, 0) === read };
}
