/**
 * One line of bytes as cells.
 *
 * A strike report never spans lines, so each line is read by itself: a quotation mark that is never closed, or bytes in another
 * encoding, cost the one line they stand in and not the rest of the file. The price: a quoted cell with a line break inside, legal in
 * other CSV files, counts as two broken lines here.
 */
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';

/** No report comes near this; a longer line is another kind of file, and would be carried into every list that shows it. */
const MAX_LINE_BYTES = 16_384;
/** Enough to recognise the line in the source. */
const EXCERPT_CHARACTERS = 160;
/** In UTF-8. */
const MAX_BYTES_OF_A_CHARACTER = 4;

export type LineReading = { readonly ok: true; readonly cells: readonly string[] } | { readonly ok: false; readonly reason: string };

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @param bytes one line without its line end */
export function readLine(bytes: Uint8Array): LineReading {
  if (bytes.length > MAX_LINE_BYTES) {
    return { ok: false, reason: `The line has ${bytes.length} bytes; a report has at most ${MAX_LINE_BYTES}.` };
  }
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    return { ok: false, reason: 'The line is not valid UTF-8.' };
  }
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\u0000-\u0008\u000A-\u001F]/.test(text)) return { ok: false, reason: 'The line holds a control character.' };
  // Without a quotation mark a comma is always a separator; the parser, 50 times slower, is needed for the other lines only.
  return text.includes('"') ? readQuoted(text) : { ok: true, cells: text.split(',') };
}

/** What stood there, for people: shortened, with a replacement mark for each byte that is no UTF-8. */
export function excerptOf(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, (EXCERPT_CHARACTERS + 1) * MAX_BYTES_OF_A_CHARACTER));
  // eslint-disable-next-line no-control-regex -- as above
  const characters = [...text.replace(/[\u0000-\u001F]/g, '\uFFFD')];
  return characters.length <= EXCERPT_CHARACTERS ? characters.join('') : `${characters.slice(0, EXCERPT_CHARACTERS).join('')}...`;
}

function readQuoted(text: string): LineReading {
  try {
    const rows = parse(text, { record_delimiter: '\n', relax_column_count: true });
    return { ok: true, cells: rows[0] ?? [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, reason: `The quotation marks do not pair: ${error.message}.` };
  }
}
