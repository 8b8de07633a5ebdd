/** Relay pages: `first` says how many, an opaque cursor says after which. */
import { StepwellError } from '@stepwell/contracts';

/** The most items of one page. */
export const MAX_PAGE = 100;

/** @throws StepwellError PAGE_SIZE_INVALID unless it is 1 to 100 */
export function checkedFirst(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE) throw new StepwellError('PAGE_SIZE_INVALID', { first });
  return first;
}

/** @param kind of list, so that a cursor of another list is refused */
export function encodeCursor(kind: string, key: string | number): string {
  return Buffer.from(`${kind}:${key}`).toString('base64url');
}

/**
 * @param pattern what the key looks like
 * @throws StepwellError CURSOR_INVALID for anything that we did not make
 */
export function decodeCursor(kind: string, cursor: string, pattern: RegExp): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  const key = text.startsWith(`${kind}:`) ? text.slice(kind.length + 1) : '';
  if (!pattern.test(key)) throw new StepwellError('CURSOR_INVALID');
  return key;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** @param rows one more than `first` when there is a next page */
export function pageOf<Row, T>(rows: readonly Row[], first: number, cursorOf: (row: Row) => string, nodeOf: (row: Row) => T): Page<T> {
  const edges = rows.slice(0, first).map((row) => ({ cursor: cursorOf(row), node: nodeOf(row) }));
  return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
}
