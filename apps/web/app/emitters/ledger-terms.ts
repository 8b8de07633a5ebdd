// The ledger as an equation: everything that was read is exactly one of the terms on the right. The sum is formed here again from what
// is shown, so that the check mark stands under the very numbers that one sees.
import type { Tone } from '../status/status-tone.js';
import type { RunStatus } from '../runs/run-filter.js';
import type { LedgerNumbers } from './emitters.query.js';

export interface LedgerTerm {
  readonly name: Exclude<keyof LedgerNumbers, 'read' | 'balances'>;
  readonly count: number;
  readonly tone: Tone;
  /** The status of the processor runs that make up this term; undefined for records that became no run. */
  readonly status?: RunStatus;
}

export interface LedgerSum {
  readonly read: number;
  readonly terms: readonly LedgerTerm[];
  readonly sum: number;
  /** The server's verdict and the sum of the shown terms agree that nothing is missing. */
  readonly balances: boolean;
}

/** Records that became no run first, then runs in the order of their life. */
const TERMS: readonly Omit<LedgerTerm, 'count'>[] = [
  { name: 'rejected', tone: 'bad' },
  { name: 'deduplicated', tone: 'idle' },
  { name: 'queued', tone: 'idle', status: 'queued' },
  { name: 'running', tone: 'live', status: 'running' },
  { name: 'waiting', tone: 'wait', status: 'waiting' },
  { name: 'paused', tone: 'warn', status: 'paused' },
  { name: 'completed', tone: 'good', status: 'completed' },
  { name: 'failed', tone: 'bad', status: 'failed' },
  { name: 'canceled', tone: 'idle', status: 'canceled' },
];

export function ledgerSum(ledger: LedgerNumbers): LedgerSum {
  const terms = TERMS.map((term) => ({ ...term, count: ledger[term.name] }));
  const sum = terms.reduce((total, { count }) => total + count, 0);
  return { read: ledger.read, terms, sum, balances: ledger.balances && sum === ledger.read };
}
