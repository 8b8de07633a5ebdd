import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal.js';

describe('the journal of the load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-journal-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps an answer that comes after its end to itself: the number of its file is that of another one by then', () => {
    const [path, another] = [join(folder, 'journal.jsonl'), join(folder, 'another')];
    const journal = new Journal(path);
    journal.ask(journal.next(), { kind: 'start', about: {} });
    journal.close();
    const opened = openSync(another, 'a');
    journal.acknowledge(1, 'start', 1, {});
    journal.close();
    closeSync(opened);
    expect(readFileSync(another, 'utf8')).toBe('');
    expect(readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as object)).toMatchObject([{ op: 1, kind: 'start' }]); // prettier-ignore
  });
});
