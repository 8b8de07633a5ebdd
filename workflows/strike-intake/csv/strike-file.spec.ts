import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TerminalError } from '@stepwell/sdk';
import { reportPath } from './report-path.js';
import { readStrikeFile } from './strike-file.js';

const REAL = readFileSync(reportPath({}));
const HEADING = REAL.subarray(0, REAL.indexOf(0x0a) + 1);
const GOOD = 'SACRAMENTO INTL,B-737-300,None,1999-02-03,SOUTHWEST AIRLINES,California,Approach,Small,Killdeer,Day,0,0,0,140';

const fileOf = (...lines: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat([HEADING, ...lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\r\n')])]);

describe('the export of strike reports', () => {
  const entries = readStrikeFile(REAL, 'birdstrikes.csv');
  const records = entries.flatMap((entry) => ('record' in entry ? [entry.record] : []));

  it('is the file its SOURCE.md describes', () => {
    expect(createHash('sha256').update(REAL).digest('hex')).toBe('45777edf69984b37599e73dbfb34dbc976055243547407214261a4fcb9466462');
  });

  it('has 10,000 readable reports, each with a key of its own', () => {
    expect(records).toHaveLength(10_000);
    expect(new Set(records.map(({ id }) => id)).size).toBe(10_000);
    expect(entries.at(0)?.line).toBe(2);
    expect(entries.at(-1)?.line).toBe(10_001);
  });

  it('tells the 24 rows that repeat another one apart by their occurrence number', () => {
    const occurrences = records.map(({ id }) => Number(id.split('-')[1]));
    expect(occurrences.filter((occurrence) => occurrence > 1)).toHaveLength(24);
    expect(Math.max(...occurrences)).toBe(5);
  });

  it('reads every column, and no speed as none', () => {
    expect(records[3]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}-1$/),
      ...{
        airport: 'NEW ORLEANS INTL',
        aircraft: 'B-737-300',
        damage: 'Substantial',
        flightDate: '1990-01-11',
        operator: 'SOUTHWEST AIRLINES',
      },
      ...{ originState: 'Louisiana', phase: 'Take-off run', wildlifeSize: 'Small', species: 'Rock pigeon', timeOfDay: 'Day' },
      ...{ costOther: 0, costRepair: 0, costTotal: 0, speedKnots: 140 },
    });
    expect(records.filter(({ speedKnots }) => speedKnots === null)).toHaveLength(2_836);
  });

  it('keeps the keys when more is appended, and when line ends or quoting change', () => {
    const key = (content: Uint8Array): string[] => readStrikeFile(content, 'x').map((entry) => entry.key);
    const [first] = key(fileOf(GOOD));
    expect(key(fileOf(GOOD, GOOD, GOOD))).toEqual([first, first?.replace(/1$/, '2'), first?.replace(/1$/, '3')]);
    expect(key(Buffer.from(`${HEADING.toString()}${GOOD.replace('SACRAMENTO INTL', '"SACRAMENTO INTL"')}\n`))).toEqual([first]);
  });
});

describe('a damaged export', () => {
  it('rejects each broken line with its number and reason, and reads the rest', () => {
    const cells = GOOD.split(',');
    const withCell = (index: number, value: string): string => cells.with(index, value).join(',');
    const entries = readStrikeFile(
      fileOf(
        GOOD,
        cells.slice(0, 9).join(','),
        withCell(3, '1999-02-30'),
        withCell(11, 'about 500'),
        withCell(0, '"SACRAMENTO INTL'),
        Buffer.from(withCell(0, 'BENITO JUÁREZ'), 'latin1'),
        '',
        withCell(0, ' '),
        withCell(3, '30/02/99').replace(',140', ',-1'),
        `${GOOD}${GOOD}`,
        GOOD,
      ),
      'damaged.csv',
    );
    const seen = entries.map((entry) => ('record' in entry ? [entry.line, 'read'] : [entry.line, entry.reason]));
    expect(seen).toEqual([
      [2, 'read'],
      [3, 'The line has 9 cells; 14 are expected.'],
      [4, 'Flight Date "1999-02-30" is not a date (YYYY-MM-DD).'],
      [5, 'Cost Repair "about 500" is not a whole number of dollars.'],
      [6, expect.stringContaining('The quotation marks do not pair')],
      [7, 'The line is not valid UTF-8.'],
      [9, 'Airport Name is empty.'],
      [10, 'Flight Date "30/02/99" is not a date (YYYY-MM-DD). Speed IAS in knots "-1" is not a whole number of knots.'],
      [11, 'The line has 27 cells; 14 are expected.'],
      [12, 'read'],
    ]);
    expect(entries.filter((entry) => 'excerpt' in entry).every((entry) => entry.excerpt.length > 0)).toBe(true);
  });

  it('is no export at all when its heading is another', () => {
    expect(() => readStrikeFile(Buffer.from('id,name\n1,x\n'), 'people.csv')).toThrow(TerminalError);
    expect(() => readStrikeFile(Buffer.from('id,name\n1,x\n'), 'people.csv')).toThrow(
      'people.csv is no export of strike reports: its first line is "id,name".',
    );
  });

  it('has nothing to read when it is empty', () => {
    expect(readStrikeFile(Buffer.alloc(0), 'empty.csv')).toEqual([]);
    expect(readStrikeFile(HEADING, 'heading.csv')).toEqual([]);
  });
});
