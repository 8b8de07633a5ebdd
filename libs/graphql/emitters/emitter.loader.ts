import type { RejectedRequest, RejectedRow } from '@stepwell/storage';
import DataLoader from 'dataloader';
import type { EmitterReads } from './emitter-reads.js';
import type { LedgerObject } from './emitter.object.js';

export interface EmitterLoaders {
  readonly ledger: DataLoader<string, LedgerObject>;
  readonly ledgerOfRun: DataLoader<string, LedgerObject>;
  readonly rejected: DataLoader<RejectedRequest, RejectedRow[], string>;
}

export function emitterLoaders(reads: EmitterReads, tenant: string): EmitterLoaders {
  return {
    ledger: new DataLoader((names) => reads.ledgers(tenant, names)),
    ledgerOfRun: new DataLoader((runs) => reads.ledgersOfRuns(tenant, runs)),
    rejected: new DataLoader((requests) => reads.rejected(tenant, requests), { cacheKeyFn: ({ emitter, limit }) => `${emitter} ${limit}` }),
  };
}
