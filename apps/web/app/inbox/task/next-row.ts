import { isDecidable } from '../../status/status-tone.js';
import type { TaskRow } from '../inbox.query.js';

/** The next row that the viewer may take: below the present one first, then from the top. */
export function nextRow(rows: readonly TaskRow[], id: string): TaskRow | undefined {
  const at = rows.findIndex((row) => row.id === id);
  return [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))].find(
    (row) => row.id !== id && isDecidable(row.status) && (row.isMine || row.claimedBy === null),
  );
}
