import type { Json } from '@stepwell/contracts';
import { emptyState, nodeOf } from '../run-state.js';
import { factsOfMessage } from './inbox.js';

const message = (kind: string, payload: Json) => ({ id: 'm1', kind, payload });

describe('inbox messages', () => {
  it('become the facts they are about', () => {
    const state = emptyState();
    nodeOf(state, 'when-1/0/review', '2', 'task-open').taskId = 't1';
    expect(factsOfMessage(state, message('task.completed', { taskId: 't1', answer: { ok: true }, by: null }))).toEqual([
      {
        type: 'task.completed',
        path: 'when-1/0/review',
        iteration: '2',
        attempt: 1,
        payload: { taskId: 't1', answer: { ok: true }, by: null },
      },
    ]);
    expect(factsOfMessage(state, message('cancel.requested', { reason: 'late', by: null }))).toEqual([
      { type: 'cancel.requested', path: '', iteration: '', attempt: 0, payload: { reason: 'late', by: null, taskId: null } },
    ]);
    expect(factsOfMessage(state, message('attempt.discarded', { path: 'a', iteration: '', attempt: 2, reason: 'late' }))).toEqual([
      { type: 'attempt.discarded', path: 'a', iteration: '', attempt: 2, payload: { reason: 'late' } },
    ]);
  });

  it.each([
    ['an answer to a task that is not open', message('task.completed', { taskId: 't9', answer: 1 })],
    ['the end of a dispatch that nobody waits for', message('dispatch.ended', { dispatchId: 'd9', facts: [] })],
    ['a kind that this build does not know', message('comet.seen', { tail: 'long' })],
  ])('leave a trace when they no longer matter: %s', (_name, one) => {
    expect(factsOfMessage(emptyState(), one)).toEqual([
      { type: 'message.ignored', path: '', iteration: '', attempt: 0, payload: { kind: one.kind, message: one.payload } },
    ]);
  });

  it('tell of the ends of several children at once, of those too that nobody waits for', () => {
    const state = emptyState();
    for (const [path, childId] of [['each', 'c1'], ['each', 'c2']] as const) nodeOf(state, path, childId.slice(1), 'child').childId = childId; // prettier-ignore
    nodeOf(state, 'left', '', 'canceled').childId = 'c3';
    const fault = { code: 'CHILD_FAILED', message: 'no', retryable: false };
    const ends = [{ childId: 'c2', fault }, { childId: 'c3', output: 3 }, { childId: 'c1', output: 1 }]; // prettier-ignore
    const one = (end: Json) => factsOfMessage(state, message('child.ended', end))[0];
    expect(factsOfMessage(state, message('children.ended', { ends }))).toEqual(ends.map(one));
    expect(ends.map(one).map((fact) => [fact?.type, fact?.iteration])).toEqual([
      ['child.ended', '2'],
      ['message.ignored', ''],
      ['child.ended', '1'],
    ]);
  });

  it('leave a trace when a result was settled before', () => {
    const state = emptyState();
    const settled = message('async-result.settled', { id: 'r1', ok: true, value: 1 });
    expect(factsOfMessage(state, settled)).toMatchObject([{ type: 'async-result.settled' }]);
    state.asyncResults.set('r1', { ok: true, value: 1 });
    expect(factsOfMessage(state, settled)).toMatchObject([{ type: 'message.ignored' }]);
  });
});
