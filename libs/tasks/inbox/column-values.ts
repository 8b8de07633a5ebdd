import { columnValues, type ColumnValueCount, type Sql } from '@stepwell/storage';
import { listingOf } from './task-filter.js';

/** Enough to see what is usual, and read in some milliseconds. What is rarer can be typed. */
const LOOKED_AT = 5_000;
/** What one looks through in a menu. */
const OFFERED = 50;

export interface ColumnValuesRequest {
  readonly workflow: string | null;
  readonly column: string;
  readonly like: string | null;
}

export function valuesOfColumn(
  sql: Sql,
  tenant: string,
  { workflow, column, like }: ColumnValuesRequest,
): Promise<readonly ColumnValueCount[]> {
  const { where } = listingOf({ filter: { workflow, columns: [{ name: column, value: like ?? '' }] }, viewer: null });
  const filter = { ...where, columns: undefined };
  return columnValues(sql, tenant, { filter, column, like: like ?? '', among: LOOKED_AT, limit: OFFERED });
}
