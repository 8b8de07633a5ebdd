/**
 * Tables as CSV: RFC 4180, UTF-8, one row at a time. A text that a spreadsheet would take for a formula gets an apostrophe before it, as
 * OWASP advises ("CSV Injection"): names and titles come from outside.
 */
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Response } from 'express';

/** What stands in the first line, and what is below it. An instant is written in ISO 8601, yes and no in words, nothing as nothing. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string | number | boolean | Date | null>>;

/** @param hasBom for spreadsheets that take a file without one for something else than UTF-8 */
export async function sendCsv<Row>(
  response: Response,
  fileName: string,
  columns: Columns<Row>,
  rows: Iterable<Row> | AsyncIterable<Row>,
  hasBom: boolean,
): Promise<void> {
  response.attachment(fileName);
  response.set({ 'content-type': 'text/csv; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store' });
  const writer = stringify({
    ...{ header: true, columns: Object.keys(columns), bom: hasBom, record_delimiter: 'windows', escape_formulas: true },
    cast: {
      boolean: (value) => (value ? 'yes' : 'no'),
      date: (value) => value.toISOString(),
      // The library knows the other beginnings of a formula.
      string: (value) => (value.startsWith('\n') ? `'${value}` : value),
    },
  });
  const cells = Object.values(columns);
  const lines = async function* () {
    for await (const row of rows) yield cells.map((cell) => cell(row));
  };
  // Who goes away in the middle ends the reading; what breaks in the middle ends the answer, short of its last chunk.
  await pipeline(lines, writer, response).catch(() => response.destroy());
}
