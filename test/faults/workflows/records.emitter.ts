/** An emitter on a schedule: forty records at each slot, of which some come twice and some cannot be read. */
import { emitter, type RecordBatch, type RecordContext, type RecordSource, Step, workflow } from '@stepwell/sdk';
import type { Work } from './inputs.js';

const AT_A_SLOT = 40;

@Step({ id: 'read-records', retry: { attempts: 3, backoff: '200ms' } })
export class ReadRecords implements RecordSource<Work, number> {
  read({ cursor, limit }: RecordContext<number>): Promise<RecordBatch<Work, number>> {
    const from = cursor ?? 0;
    const numbers = Array.from({ length: limit }, (_, index) => from + index);
    return Promise.resolve({
      // Each tenth is the one before it again; each thirteenth is no record.
      records: numbers
        .filter((n) => n % 13 !== 0)
        .map((n) => ({ key: `r-${n % 10 === 9 ? n - 1 : n}`, input: { op: -n, weight: n }, position: n })),
      rejected: numbers.filter((n) => n % 13 === 0).map((n) => ({ position: n, reason: 'It is no record.' })),
      cursor: from + limit,
      done: (from + limit) % AT_A_SLOT === 0,
    });
  }
}

export const records = emitter('records', {
  version: 1,
  source: ReadRecords,
  processor: 'record',
  batchSize: 20,
  schedule: { cron: '*/5 * * * * *', overlap: 'skip', catchUp: 'latest' },
});

export const record = workflow<Work>('record', { version: 1 }).then('handle', (ctx) => ctx.input.weight);
