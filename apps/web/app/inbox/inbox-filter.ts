// The filter of the inbox, as it stands in the address: /inbox?show=mine&workflow=strike-review
import type { VariablesOf } from '../graphql.js';
import type { InboxQuery } from './inbox.query.js';

export interface InboxFilter {
  /** Absent: everything that waits for a person. */
  readonly show?: 'mine' | 'decided';
  readonly workflow?: string;
}

export function readInboxFilter(search: Record<string, unknown>): InboxFilter {
  const { show, workflow } = search;
  return {
    ...(show === 'mine' || show === 'decided' ? { show } : {}),
    ...(typeof workflow === 'string' && workflow !== '' ? { workflow } : {}),
  };
}

export function toTaskFilter({ show, workflow }: InboxFilter): NonNullable<VariablesOf<typeof InboxQuery>['filter']> {
  return {
    ...(show === 'mine' ? { mine: true } : {}),
    ...(show === 'decided' ? { status: ['completed', 'canceled', 'expired'] } : {}),
    ...(workflow ? { workflow } : {}),
  };
}

export interface NextFilter {
  readonly workflow?: string;
}

/** Among what the next task is looked for: what waits, of this workflow. */
export function toNextFilter({ workflow }: InboxFilter): NextFilter {
  return workflow ? { workflow } : {};
}

export function isFiltered(filter: InboxFilter): boolean {
  return filter.show !== undefined || filter.workflow !== undefined;
}
