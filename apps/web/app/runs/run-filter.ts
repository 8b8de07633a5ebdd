// The filter of the runs, as it stands in the address: /runs?status=waiting,failed&workflow=strike-review
import type { VariablesOf } from '../graphql.js';
import type { RunsQuery } from './runs.query.js';

export const RUN_STATUSES = ['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'canceled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface RunFilter {
  /** Comma-separated, in the order of RUN_STATUSES; absent: all. */
  readonly status?: string;
  readonly workflow?: string;
}

export function readRunFilter(search: Record<string, unknown>): RunFilter {
  const status = typeof search.status === 'string' ? writeStatuses(readStatuses(search.status)) : '';
  return {
    ...(status ? { status } : {}),
    ...(typeof search.workflow === 'string' && search.workflow ? { workflow: search.workflow } : {}),
  };
}

export function readStatuses(text: string | undefined): readonly RunStatus[] {
  const words = new Set(text?.split(','));
  return RUN_STATUSES.filter((status) => words.has(status));
}

export function writeStatuses(statuses: readonly string[]): string {
  return RUN_STATUSES.filter((status) => statuses.includes(status)).join(',');
}

export function toRunFilter({ status, workflow }: RunFilter): NonNullable<VariablesOf<typeof RunsQuery>['filter']> {
  const statuses = readStatuses(status);
  return { ...(statuses.length > 0 ? { status: [...statuses] } : {}), ...(workflow ? { workflow } : {}) };
}
