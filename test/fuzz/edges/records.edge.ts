/** The file of an emitter: every line of it is read or rejected with a reason, whatever is in it; or it is no such file at all, and says so. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { TerminalError } from '@stepwell/sdk';
import { readStrikeFile } from '../../../workflows/strike-intake/csv/strike-file.js';
import { type Edge, leaks } from '../edge.js';
import { hostileText } from '../values.js';

/** Bytes as base64, so that an input can be printed. */
type File = string;

const LINES = readFileSync('workflows/strike-intake/data/birdstrikes.csv', 'utf8').split('\n').slice(0, 30);
const [HEADING = '', ...REPORTS] = LINES;

const line: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...REPORTS) },
  {
    weight: 4,
    arbitrary: fc
      .record({ text: fc.constantFrom(...REPORTS), at: fc.nat(), cut: fc.nat(5), by: hostileText })
      .map(({ text, at, cut, by }) => text.slice(0, at % (text.length + 1)) + by + text.slice((at % (text.length + 1)) + cut)),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.oneof(hostileText, fc.constantFrom('"', '""', '"a,b"', '2026-02-30', '1e3', '-1', '9'.repeat(13))), {
        minLength: 12,
        maxLength: 16,
      })
      .map((cells) => cells.join(',')),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '\r', '"'.repeat(5_001), ','.repeat(20_000), '\ufeff', 'x'.repeat(20_000)) },
);

const files: fc.Arbitrary<File> = fc
  .oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({
          heading: fc.oneof({ weight: 12, arbitrary: fc.constant(HEADING) }, line),
          lines: fc.array(line, { maxLength: 8 }),
          feed: fc.constantFrom('\n', '\n', '\r\n'),
        })
        .map(({ heading, lines, feed }) => Buffer.from([heading, ...lines].join(feed))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from([...Buffer.from(`${HEADING}\n`), ...bytes])) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  )
  .map((bytes) => bytes.toString('base64'));

export const recordsEdge: Edge<File> = {
  ...{ name: 'records of an emitter', share: 5, together: 1, inputs: files },
  attempt: async (file) => {
    const bytes = Buffer.from(file, 'base64');
    try {
      const entries = readStrikeFile(bytes, 'reports.csv');
      const faults = entries.flatMap((entry, index) => {
        const isInOrder = index === 0 || entry.line > (entries[index - 1]?.line ?? 0);
        const isSaid =
          'record' in entry
            ? Object.values(entry.record).every((value) => typeof value === 'string' || value === null || Number.isSafeInteger(value))
            : entry.reason !== '' && entry.excerpt.length < 500;
        return [
          ...(isInOrder && isSaid ? [] : [`A line is neither read nor rejected: ${JSON.stringify(entry).slice(0, 300)}`]),
          ...('record' in entry ? [] : leaks(entry.reason)),
        ];
      });
      const lines = bytes
        .toString('latin1')
        .split('\n')
        .slice(1)
        .filter((text) => text.replace(/\r$/, '') !== '').length;
      if (entries.length !== lines) faults.push(`Of ${lines} lines ${entries.length} are accounted for.`);
      return {
        accepted: entries.some((entry) => 'record' in entry),
        faults,
        answer: entries.every((entry) => 'record' in entry) ? 'read' : 'some rejected',
      };
    } catch (error) {
      return {
        accepted: false,
        faults: error instanceof TerminalError ? leaks(error.message) : [`Threw ${String(error)}`],
        answer: 'no such file',
      };
    }
  },
};
