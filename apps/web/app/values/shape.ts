import type { Json } from '../graphql.js';

export type Scalar = string | number | boolean | null;

/** A table with more columns than this is harder to read than the records one below the other. */
const MAX_COLUMNS = 6;

export function isScalar(value: Json): value is Scalar {
  return value === null || typeof value !== 'object';
}

export function isRecord(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isEmpty(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

/** The columns of a list of flat, alike records; undefined when the list is something else. */
export function tableColumns(list: readonly Json[]): readonly string[] | undefined {
  if (list.length < 2 || !list.every((item) => isRecord(item) && Object.values(item).every(isScalar))) return undefined;
  const columns = [...new Set(list.flatMap((item) => Object.keys(item as object)))];
  return columns.length > 0 && columns.length <= MAX_COLUMNS ? columns : undefined;
}
