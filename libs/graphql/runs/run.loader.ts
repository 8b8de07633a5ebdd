import DataLoader from 'dataloader';
import type { RunPayloads } from '@stepwell/storage';
import type { RunReads } from './run-reads.js';
import type { RelatedRunObject, RunObject } from './run.object.js';

/** Runs and what hangs on them, in one statement per kind however many a page shows. */
export interface RunLoaders {
  readonly run: DataLoader<string, RunObject | null>;
  readonly runPayloads: DataLoader<string, RunPayloads>;
  readonly relatedRuns: DataLoader<string, readonly RelatedRunObject[]>;
}

export function runLoaders(reads: RunReads, tenant: string): RunLoaders {
  return {
    run: new DataLoader(async (ids) => {
      const found = await reads.find(tenant, ids);
      return ids.map((id) => found.get(id) ?? null);
    }),
    runPayloads: new DataLoader(async (ids) => {
      const found = await reads.payloads(tenant, ids);
      return ids.map((id) => found.get(id) ?? { input: null, output: null });
    }),
    relatedRuns: new DataLoader(async (ids) => {
      const found = await reads.related(tenant, ids);
      return ids.map((id) => found.get(id) ?? []);
    }),
  };
}
