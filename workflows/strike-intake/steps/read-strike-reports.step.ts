/**
 * Reads the export batch by batch. The cursor is the last line taken, and the key of what stood there: when that line no longer holds
 * the same entry (the file was replaced or its last line was continued), the file is read from the top again, and the ledger drops what it
 * knows. So a changed file costs a pass, and never a report.
 *
 * The file is read whole and kept while it is unchanged (size and time), so the 20 batches of a first pass read it once.
 */
import { readFile, stat } from 'node:fs/promises';
import { type RecordBatch, type RecordContext, type RecordSource, Step } from '@stepwell/sdk';
import { reportPath } from '../csv/report-path.js';
import { readStrikeFile, type StrikeEntry } from '../csv/strike-file.js';
import type { StrikeRecord } from '../csv/strike-record.js';

export interface ReportCursor {
  /** The last line taken; the heading is line 1. */
  readonly line: number;
  readonly key: string;
}

interface KnownFile {
  readonly stamp: string;
  readonly entries: readonly StrikeEntry[];
}

@Step({ id: 'read-strike-reports', timeout: '1m', retry: { attempts: 3, backoff: '1s' } })
export class ReadStrikeReports implements RecordSource<StrikeRecord, ReportCursor | null> {
  private known: KnownFile | undefined;

  async read(ctx: RecordContext<ReportCursor | null>): Promise<RecordBatch<StrikeRecord, ReportCursor | null>> {
    const path = reportPath();
    const entries = await this.entriesOf(path, ctx.signal);
    const from = positionAfter(entries, ctx.cursor);
    if (from === undefined) ctx.logger.warn('The reports before the cursor have changed; reading from the top.', { path, ...ctx.cursor });
    const batch = entries.slice(from ?? 0, (from ?? 0) + ctx.limit);
    const last = batch.at(-1);
    return {
      records: batch.flatMap((entry) => ('record' in entry ? [{ key: entry.key, input: entry.record, position: entry.line }] : [])),
      rejected: batch.flatMap((entry) =>
        'record' in entry ? [] : [{ position: entry.line, reason: entry.reason, excerpt: entry.excerpt }],
      ),
      cursor: last ? { line: last.line, key: last.key } : ctx.cursor,
      done: (from ?? 0) + batch.length >= entries.length,
    };
  }

  private async entriesOf(path: string, signal: AbortSignal): Promise<readonly StrikeEntry[]> {
    const { mtimeMs, size } = await stat(path);
    const stamp = `${path} ${mtimeMs} ${size}`;
    if (this.known?.stamp !== stamp) this.known = { stamp, entries: readStrikeFile(await readFile(path, { signal }), path) };
    return this.known.entries;
  }
}

/** Where the entries after the cursor begin; `undefined` when the cursor's line no longer holds what was taken there. */
function positionAfter(entries: readonly StrikeEntry[], cursor: ReportCursor | null): number | undefined {
  if (!cursor) return 0;
  const index = entries.findIndex((entry) => entry.line === cursor.line);
  return entries[index]?.key === cursor.key ? index + 1 : undefined;
}
