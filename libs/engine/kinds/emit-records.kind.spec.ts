import type { Json } from '@stepwell/contracts';
import { definitionOf, emitter, type RecordBatch, type RecordSource, Step } from '@stepwell/sdk';
import { fold } from '../apply.js';
import { decide } from '../decide.js';
import type { Fact } from '../facts/fact.js';
import { compile } from '../graph/compile.js';

@Step({ id: 'read' })
class Source implements RecordSource<unknown, null> {
  async read(): Promise<RecordBatch<unknown, null>> {
    return { records: [], rejected: [], cursor: null, done: true };
  }
}

const graph = compile(definitionOf(emitter('intake', { version: 1, source: Source, processor: 'order' })));

/** What is decided after these facts of the source; a fact is its type and payload. */
function after(...facts: readonly (readonly [type: string, payload: Json])[]) {
  const journal = [['run.started', { input: null }] as const, ...facts].map(([type, payload], index): Fact => ({
    seq: index + 1,
    type,
    payload,
    version: 1,
    path: index === 0 ? '' : 'read',
    iteration: '',
    attempt: 1,
    at: 0,
  }));
  const { actions, waits } = decide(graph, fold(journal), 1_000);
  return { keys: actions.map((action) => (action.type === 'end' ? action : action.key)), waits };
}

const batch = (number: number, done: boolean) =>
  ['batch.emitted', { batch: number, read: 3, rejected: 1, deduplicated: 1, started: 1, cursor: number, done, startedAt: 0 }] as const;
const failed = (retryAt: number | null) =>
  ['attempt.failed', { fault: { code: 'STEP_FAILED', message: 'no', retryable: true }, startedAt: 0, retryAt }] as const;

describe('the node of an emitter', () => {
  it('reads one batch after the other, each an entry of its own', () => {
    expect(after().keys).toEqual(['read!1.0']);
    expect(after(batch(0, false)).keys).toEqual(['read!1.1']);
    expect(after(batch(0, false), batch(1, false)).keys).toEqual(['read!1.2']);
  });

  it('ends with the sums when its source is done', () => {
    expect(after(batch(0, false), batch(1, true)).keys).toEqual([
      { type: 'end', status: 'completed', output: { read: 6, rejected: 2, deduplicated: 2, started: 2 } },
    ]);
  });

  it('waits before it reads a batch again, and counts attempts per batch', () => {
    expect(after(batch(0, false), failed(5_000))).toEqual({ keys: [], waits: [{ reason: 'retry', dueAt: 5_000 }] });
    expect(after(batch(0, false), failed(500)).keys).toEqual(['read!2.1']);
    expect(after(failed(500), batch(0, false)).keys).toEqual(['read!1.1']);
  });

  it('fails when no attempt is left', () => {
    expect(after(failed(null)).keys).toMatchObject([{ type: 'end', status: 'failed', fault: { message: 'no' } }]);
  });
});
