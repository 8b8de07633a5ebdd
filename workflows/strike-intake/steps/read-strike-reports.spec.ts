import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitionOf, type RecordBatch } from '@stepwell/sdk';
import { reportPath } from '../csv/report-path.js';
import type { StrikeRecord } from '../csv/strike-record.js';
import { strikeIntake } from '../strike-intake.emitter.js';
import { ReadStrikeReports, type ReportCursor } from './read-strike-reports.step.js';

type Batch = RecordBatch<StrikeRecord, ReportCursor | null>;

const warnings: string[] = [];
const ignore = (): void => undefined;
const logger = { debug: ignore, info: ignore, warn: (message: string) => void warnings.push(message), error: ignore };

function read(source: ReadStrikeReports, cursor: ReportCursor | null, limit = 500): Promise<Batch> {
  return source.read({ cursor, limit, runId: 'run', signal: new AbortController().signal, logger });
}

/** Reads batch by batch until the source says it is done, the cursor stored as JSON in between. */
async function readAll(source: ReadStrikeReports, start: ReportCursor | null = null): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let cursor = start; ;) {
    const batch = await read(source, cursor);
    batches.push(batch);
    if (batch.done) return batches;
    cursor = JSON.parse(JSON.stringify(batch.cursor)) as ReportCursor | null;
  }
}

const keysOf = (batches: Batch[]): string[] => batches.flatMap(({ records }) => records.map(({ key }) => key));

describe('reading strike reports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strike-reports-'));
  const file = join(folder, 'reports.csv');
  const lines = readFileSync(reportPath({}), 'utf8').split('\r\n');
  const write = (...chosen: string[]): void => writeFileSync(file, chosen.join('\r\n'));

  beforeEach(() => {
    process.env['STRIKE_REPORTS_FILE'] = file;
    warnings.length = 0;
  });
  afterAll(() => {
    delete process.env['STRIKE_REPORTS_FILE'];
    rmSync(folder, { recursive: true });
  });

  it('takes the real file in 20 batches of 500, and finds nothing more behind its end', async () => {
    copyFileSync(reportPath({}), file);
    const source = new ReadStrikeReports();
    const batches = await readAll(source);
    expect(batches.map(({ records }) => records.length)).toEqual(Array<number>(20).fill(500));
    expect(batches.map(({ done }) => done)).toEqual([...Array<boolean>(19).fill(false), true]);
    expect(batches.flatMap(({ rejected }) => rejected)).toEqual([]);
    expect(new Set(keysOf(batches)).size).toBe(10_000);
    expect(batches[0]?.records[0]).toMatchObject({ position: 2, input: { airport: 'BARKSDALE AIR FORCE BASE ARPT' } });
    expect(await read(source, batches.at(-1)!.cursor)).toEqual({ records: [], rejected: [], cursor: batches.at(-1)!.cursor, done: true });
    expect(warnings).toEqual([]);
  });

  it('gives the same keys in a second pass, and from the middle in another process', async () => {
    const first = await readAll(new ReadStrikeReports());
    expect(keysOf(await readAll(new ReadStrikeReports()))).toEqual(keysOf(first));
    expect(keysOf(await readAll(new ReadStrikeReports(), first[9]!.cursor))).toEqual(keysOf(first).slice(5_000));
  });

  it('reads what has been appended since, and counts repeats over the whole file', async () => {
    write(...lines.slice(0, 4), '');
    const source = new ReadStrikeReports();
    const [first] = await readAll(source);
    appendFileSync(file, `${lines[1]}\r\n${lines[4]}\r\n`);
    const next = await read(source, first!.cursor);
    expect(next.records.map(({ position }) => position)).toEqual([5, 6]);
    expect(next.records[0]?.key).toBe(first!.records[0]?.key.replace(/-1$/, '-2'));
    expect(next.done).toBe(true);
  });

  it('counts rejected lines towards the batch and leaves the cursor behind them', async () => {
    write(lines[0]!, lines[1]!, 'short,row', lines[2]!, 'another');
    const source = new ReadStrikeReports();
    const first = await read(source, null, 2);
    expect(first).toMatchObject({ records: [{ position: 2 }], rejected: [{ position: 3, excerpt: 'short,row' }], done: false });
    const second = await read(source, first.cursor, 2);
    expect(second).toMatchObject({ records: [{ position: 4 }], rejected: [{ position: 5 }], done: true });
    expect((await read(source, second.cursor)).rejected).toEqual([]);
  });

  it('starts from the top when the line under the cursor has changed', async () => {
    write(...lines.slice(0, 4));
    const source = new ReadStrikeReports();
    const [first] = await readAll(source);
    // Appended to a last line that had no line end: that line becomes one with 27 cells.
    appendFileSync(file, `${lines[4]}\r\n${lines[5]}\r\n`);
    const again = await read(source, first!.cursor);
    expect(keysOf([again]).slice(0, 2)).toEqual(keysOf([first!]).slice(0, 2));
    expect(again).toMatchObject({ rejected: [{ position: 4 }], done: true });
    expect(again.records).toHaveLength(3);
    expect(warnings).toEqual(['The reports before the cursor have changed; reading from the top.']);
    write(lines[0]!, lines[7]!);
    expect((await read(source, again.cursor)).records).toHaveLength(1);
  });

  it('says which file is missing', async () => {
    process.env['STRIKE_REPORTS_FILE'] = join(folder, 'none.csv');
    await expect(read(new ReadStrikeReports(), null)).rejects.toThrow('none.csv');
  });

  it('is an emitter on a schedule', () => {
    expect(definitionOf(strikeIntake)).toMatchObject({
      name: 'strike-intake',
      nodes: [{ kind: 'emit-records', id: 'read-strike-reports', processor: 'strike-review', batchSize: 500 }],
      schedule: { cron: '*/20 * * * * *', overlap: 'skip', catchUp: 'latest' },
    });
  });
});
