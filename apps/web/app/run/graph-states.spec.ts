import { graphStates } from './graph-states.js';
import type { RunStep } from './run.query.js';

const step = (path: string, status: RunStep['status'], attempts = 1): RunStep => ({
  ...{ key: path, path, iteration: '', nodeId: path, kind: 'step', status, startedAt: null, endedAt: null },
  ...{ output: null, waitReason: null, dueAt: null, taskId: null, childRunId: null, substitute: null, progress: null, error: null },
  escalations: [],
  attempts: Array.from({ length: attempts }, (_, index) => ({
    ...{ number: index + 1, status, startedAt: null, endedAt: null, retryAt: null, error: null },
  })),
});

describe('the states of the nodes of a graph', () => {
  it('are those of their steps; a node that was not reached has none', () => {
    const stateOf = graphStates([step('price', 'completed'), step('ship', 'failed', 3)]);
    expect(stateOf('price')).toEqual({ status: 'completed', note: undefined });
    expect(stateOf('ship')).toEqual({ status: 'failed', note: '×3' });
    expect(stateOf('close')).toBeUndefined();
  });

  it('say of a step that it was undone, or is to be', () => {
    const undo = (path: string, status: RunStep['status']): RunStep => ({ ...step(`${path}/undo`, status), kind: 'compensation' });
    const stateOf = graphStates([
      step('charge', 'completed'),
      step('pack', 'completed'),
      undo('pack', 'completed'),
      undo('charge', 'waiting'),
    ]);
    expect(stateOf('pack')).toEqual({ status: 'completed', note: 'undone' });
    expect(stateOf('charge')).toEqual({ status: 'waiting', note: 'undo' });
  });

  it('tell an incident from what comes by itself', () => {
    const stateOf = graphStates([step('each', 'failed'), { ...step('each', 'waiting'), waitReason: 'incident' }, step('each', 'waiting')]);
    expect(stateOf('each')).toEqual({ status: 'incident', note: '0 of 3' });
  });

  it('say of a run for each item what the for-each has counted: not all of its runs are among the steps', () => {
    const runs = [step('letters/each/letters.run', 'completed'), step('letters/each/letters.run', 'waiting')];
    const stateOf = graphStates([{ ...step('letters', 'waiting'), progress: { done: 800, total: 1_000 } }, ...runs]);
    expect(stateOf('letters')).toEqual({ status: 'waiting', note: '800 of 1000' });
    expect(stateOf('letters/each/letters.run')).toEqual({ status: 'waiting', note: '800 of 1000' });
  });

  it('have the escalation of a screen that waits, line by line; not of what is decided, nor of several at once', () => {
    const blank = {
      whom: null,
      handler: null,
      after: null,
      afterMs: 60_000,
      dueAt: null,
      at: null,
      as: null,
      namesNobody: false,
      error: null,
    };
    const next = { ...blank, number: 1, what: 'notify', whom: 'leads', status: 'waiting' as const, dueAt: '2026-11-28T10:00:00Z' };
    const screen = (status: RunStep['status']): RunStep => ({
      ...step('ask', status),
      escalations: [next, { ...blank, number: 2, what: 'fail', status: 'waiting' }],
    });
    expect(graphStates([screen('waiting')])('ask')?.chain).toEqual([
      { key: 1, status: 'waiting', words: 'Tell leads', at: '2026-11-28T10:00:00Z', note: undefined },
      { key: 2, status: 'waiting', words: 'Fail the screen', at: null, note: '1 min later' },
    ]);
    expect(graphStates([screen('completed'), screen('waiting')])('ask')?.chain).toHaveLength(2);
    expect(graphStates([screen('completed')])('ask')?.chain).toBeUndefined();
    expect(graphStates([screen('waiting'), screen('waiting')])('ask')?.chain).toBeUndefined();
  });

  it('say of many iterations how many are done, and the status that needs somebody', () => {
    const stateOf = graphStates([step('each', 'completed'), step('each', 'waiting'), step('each', 'running')]);
    expect(stateOf('each')).toEqual({ status: 'waiting', note: '1 of 3' });
  });
});
