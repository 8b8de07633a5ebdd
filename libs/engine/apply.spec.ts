import type { Json } from '@stepwell/contracts';
import { apply, fold } from './apply.js';
import type { Fact } from './facts/fact.js';
import { FACT_TYPES } from './facts/index.js';

const fact = (seq: number, type: string, payload: Json = null, version = 1): Fact => ({
  seq,
  type,
  version,
  path: '',
  iteration: '',
  attempt: 0,
  payload,
  at: 0,
});
const started = fact(1, 'run.started', { input: { id: 1 } });

describe('folding a journal', () => {
  it('gives the state of the run', () => {
    expect(fold([started])).toMatchObject({ status: 'running', lastSeq: 1, input: { id: 1 } });
    expect(fold([])).toMatchObject({ status: 'queued', lastSeq: 0 });
  });

  it('refuses a gap, a repeat, and a journal that does not begin at one', () => {
    const gap = (facts: Fact[]) => expect(() => fold(facts)).toThrow(/^The journal has a gap: fact \d+ follows fact \d+\.$/);
    gap([started, fact(3, 'cancel.requested', { reason: null })]);
    gap([started, started]);
    gap([fact(2, 'run.started', { input: null })]);
  });

  it('refuses a fact it does not know, instead of going on without it', () => {
    expect(() => fold([started, fact(2, 'moon.landed')])).toThrow(
      'The journal holds a fact of type "moon.landed", which this version does not know. Use the version that wrote it, or a newer one.',
    );
  });

  it('refuses a version of a fact that is newer than its own', () => {
    expect(() => fold([fact(1, 'run.started', { input: null }, 2)])).toThrow(
      'The journal holds version 2 of the fact "run.started", this version knows 1. Use the version that wrote it, or a newer one.',
    );
  });

  it('leaves the state as it was when it refuses', () => {
    const state = fold([started]);
    expect(() => apply(state, fact(2, 'moon.landed'))).toThrow();
    expect(state.lastSeq).toBe(1);
  });
});

describe('the fact types', () => {
  it('are known by their names, which are stored and so never change', () => {
    expect([...FACT_TYPES.keys()].sort()).toEqual([
      'async-result.settled',
      'attempt.discarded',
      'attempt.failed',
      'attempt.progress',
      'attempt.started',
      'attempt.suspended',
      'batch.emitted',
      'branch.chosen',
      'branches.canceled',
      'cancel-on.started',
      'cancel.requested',
      'checkpoint.saved',
      'child.ended',
      'child.refused',
      'child.started',
      'context.updated',
      'deadline.passed',
      'effect.begun',
      'effect.unknown',
      'effect.unverified',
      'ending.began',
      'evaluation.failed',
      'event-wait.started',
      'event-wait.timed-out',
      'event.arrived',
      'event.consumed',
      'event.declined',
      'event.emitted',
      'failure.caught',
      'fork.started',
      'incident.opened',
      'incident.resolved',
      'incident.retried',
      'inject.turned',
      'injection.refused',
      'interceptor.failed',
      'items.listed',
      'key.held',
      'loop.turned',
      'message.ignored',
      'migration.undone',
      'node.entered',
      'node.failed',
      'nodes.injected',
      'page.listed',
      'race.won',
      'retry.started',
      'run.carried',
      'run.ended',
      'run.migrated',
      'run.paused',
      'run.resumed',
      'run.started',
      'run.stopped',
      'signal-wait.started',
      'signal-wait.timed-out',
      'signal.heard',
      'signal.received',
      'stand-in.failed',
      'step.completed',
      'step.dispatched',
      'step.passed',
      'step.ready',
      'step.skipped',
      'stop.lifted',
      'task.completed',
      'task.escalated',
      'task.opened',
      'undoing.began',
      'wait.completed',
      'wait.started',
    ]);
  });
});
