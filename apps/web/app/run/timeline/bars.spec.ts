import type { RunStep } from '../run.query.js';
import { barsOf } from './bars.js';

const START = Date.parse('2026-11-21T12:00:00Z');
const at = (ms: number) => new Date(START + ms).toISOString();

function step(parts: Partial<RunStep>): RunStep {
  return {
    key: 'a',
    path: 'a',
    iteration: '',
    nodeId: 'a',
    kind: 'step',
    status: 'completed',
    startedAt: at(0),
    endedAt: at(100),
    output: null,
    waitReason: null,
    dueAt: null,
    taskId: null,
    childRunId: null,
    substitute: null,
    progress: null,
    error: null,
    escalations: [],
    attempts: [],
    ...parts,
  };
}

describe('barsOf', () => {
  it('draws a bar per attempt and the pause between them', () => {
    const error = { code: 'STEP_FAILED', message: 'no answer', stack: null };
    const bars = barsOf(
      step({
        attempts: [
          { number: 1, status: 'failed', startedAt: at(0), endedAt: at(10), retryAt: at(1_010), error },
          { number: 2, status: 'completed', startedAt: at(1_010), endedAt: at(1_030), retryAt: null, error: null },
        ],
      }),
      START + 9_999,
    );
    expect(bars.map(({ kind, from, to }) => [kind, from - START, to - START])).toEqual([
      ['attempt', 0, 10],
      ['pause', 10, 1_010],
      ['attempt', 1_010, 1_030],
    ]);
    expect(bars[0]?.message).toBe('no answer');
  });

  it('shows the pause before an attempt that is still to come', () => {
    const bars = barsOf(
      step({ attempts: [{ number: 1, status: 'failed', startedAt: at(0), endedAt: at(10), retryAt: at(500), error: null }] }),
      START + 50,
    );
    expect(bars.at(-1)).toMatchObject({ kind: 'pause', attempt: 2, to: START + 500 });
  });

  it('shows how long an incident has been waiting for somebody', () => {
    const failed = { number: 2, status: 'failed', startedAt: at(0), endedAt: at(10), retryAt: null, error: null } as const;
    const bars = barsOf(step({ status: 'waiting', waitReason: 'incident', endedAt: null, attempts: [failed] }), START + 9_000);
    expect(bars.at(-1)).toEqual({ kind: 'pause', status: 'incident', from: START + 10, to: START + 9_000 });
  });

  it('lets what goes on now reach to now', () => {
    const running = { number: 1, status: 'running', startedAt: at(0), endedAt: null, retryAt: null, error: null } as const;
    expect(barsOf(step({ status: 'running', endedAt: null, attempts: [running] }), START + 700)[0]?.to).toBe(START + 700);
  });

  it('draws a node that took no time as a point, and one that was not reached not at all', () => {
    expect(barsOf(step({ kind: 'emit', endedAt: at(0) }), START)[0]?.kind).toBe('point');
    expect(barsOf(step({ startedAt: null, endedAt: null }), START)).toEqual([]);
  });
});
