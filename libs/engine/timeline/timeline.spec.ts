import { type Json, RunStatus } from '@stepwell/contracts';
import { definitionOf, type Hosted, Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import type { Fact } from '../facts/fact.js';
import { compile } from '../graph/compile.js';
import { timeline } from './timeline.js';

const step = () => null;

/** Facts a second apart, numbered, after the one that starts every run. */
function journal(...facts: (Partial<Fact> & { type: string })[]): Fact[] {
  const all = [{ type: 'run.started', payload: { input: {} } }, ...facts];
  return all.map((fact, index) => ({
    version: 1,
    path: '',
    iteration: '',
    attempt: fact.type.startsWith('run') ? 0 : 1,
    payload: null,
    seq: index + 1,
    at: index * 1000,
    ...fact,
  }));
}

const completed = (path: string, output: Json = path, startedAt = 0) => ({ type: 'step.completed', path, payload: { output, startedAt } });
const fault = { code: 'STEP_FAILED', message: 'no luck', retryable: true };
const failed = (path: string, attempt: number, retryAt: number | null) => ({
  type: 'attempt.failed',
  path,
  attempt,
  payload: { fault, startedAt: attempt * 10, retryAt },
});

function look(flow: Hosted, facts: Fact[], status: RunStatus = RunStatus.waiting, now = 100_000) {
  return timeline({ facts, graph: compile(definitionOf(flow)), status, now });
}

describe('the timeline of a run', () => {
  const two = workflow('two', { version: 1 }).then('one', step).then('two', step);

  it('has each node that was reached, with its output and its time', () => {
    const [one, ...rest] = look(two, journal(completed('one', { answer: 42 }, 500)));
    expect(one).toMatchObject({
      key: 'one',
      nodeId: 'one',
      kind: 'step',
      status: 'completed',
      output: { answer: 42 },
      startedAt: 500,
      endedAt: 1000,
    });
    expect(one?.attempts).toEqual([
      { number: 1, status: 'completed', startedAt: 500, endedAt: 1000, error: null, worker: null, retryAt: null },
    ]);
    expect(rest).toEqual([]);
  });

  it('shows what runs now, although no fact says so yet', () => {
    expect(look(two, journal(completed('one')), RunStatus.running)[1]).toMatchObject({
      key: 'two',
      status: 'running',
      startedAt: null,
      attempts: [{ number: 1, status: 'running' }],
    });
    expect(look(two, journal(completed('one')), RunStatus.queued)).toHaveLength(1);
  });

  it('knows when a long attempt began', () => {
    const facts = journal({ type: 'attempt.started', path: 'one', payload: { startedAt: 700 } });
    expect(look(two, facts, RunStatus.running)).toMatchObject([
      { key: 'one', status: 'running', startedAt: 700, attempts: [{ startedAt: 700 }] },
    ]);
  });

  it('tells attempts apart, and when the next one begins', () => {
    const waiting = journal(failed('one', 1, 9_000));
    expect(look(two, waiting)).toMatchObject([
      {
        status: 'waiting',
        waitReason: 'retry',
        dueAt: 9_000,
        error: null,
        attempts: [{ number: 1, status: 'failed', error: fault, retryAt: 9_000 }],
      },
    ]);
    expect(look(two, waiting, RunStatus.running)[0]).toMatchObject({
      status: 'running',
      waitReason: null,
      attempts: [{ status: 'failed' }, { number: 2, status: 'running' }],
    });
    const over = journal(failed('one', 1, 9_000), failed('one', 2, null), { type: 'run.ended', payload: { status: 'failed', fault } });
    expect(look(two, over, RunStatus.failed)).toMatchObject([
      {
        status: 'failed',
        error: fault,
        startedAt: 10,
        endedAt: 2000,
        dueAt: null,
        attempts: [{ number: 1 }, { number: 2, status: 'failed', retryAt: null }],
      },
    ]);
  });

  it('keeps a suspended attempt one attempt, from its first start to its end', () => {
    const suspended = { type: 'attempt.suspended', path: 'one', payload: { asyncResultId: 'r1', dueAt: 5_000, startedAt: 100 } };
    expect(look(two, journal(suspended))).toMatchObject([
      { status: 'waiting', waitReason: 'async-result', dueAt: 5_000, attempts: [{ number: 1, status: 'waiting', startedAt: 100 }] },
    ]);
    const resumed = journal(suspended, { type: 'async-result.settled', payload: { id: 'r1', ok: true, value: 1 } });
    expect(look(two, resumed, RunStatus.running)[0]).toMatchObject({ status: 'running', waitReason: null });
    const done = journal(suspended, { type: 'async-result.settled', payload: { id: 'r1', ok: true, value: 1 } }, completed('one', 1, 2500));
    expect(look(two, done)[0]).toMatchObject({
      status: 'completed',
      startedAt: 100,
      endedAt: 3000,
      attempts: [{ number: 1, status: 'completed', startedAt: 100 }],
    });
    const plain = { ...suspended, payload: { asyncResultId: null, dueAt: 7_000, startedAt: 100 } };
    expect(look(two, journal(plain), RunStatus.waiting)[0]).toMatchObject({ waitReason: 'timer', dueAt: 7_000 });
  });

  it('shows steps of another queue, waits and events', () => {
    const flow = workflow('mixed', { version: 1 })
      .then('away', step, { queue: 'gpu' })
      .wait('1h')
      .emit({ name: 'x.done', external: false }, () => null);
    expect(look(flow, journal({ type: 'step.dispatched', path: 'away', payload: { dispatchId: 'd', queue: 'gpu' } }))).toMatchObject([
      { status: 'waiting', waitReason: 'dispatch', attempts: [{ status: 'waiting' }] },
    ]);
    const facts = journal(
      completed('away'),
      { type: 'wait.started', path: 'wait-1', payload: { dueAt: 8_000 } },
      { type: 'wait.completed', path: 'wait-1' },
      { type: 'event.emitted', path: 'emit-1', payload: { eventId: 'e1', name: 'x.done' } },
    );
    expect(look(flow, facts.slice(0, 3))[1]).toMatchObject({
      kind: 'wait',
      status: 'waiting',
      waitReason: 'timer',
      dueAt: 8_000,
      attempts: [],
    });
    expect(look(flow, facts)).toMatchObject([
      {},
      { status: 'completed', dueAt: null, startedAt: 2000, endedAt: 3000 },
      { kind: 'emit', status: 'completed', output: { eventId: 'e1' } },
    ]);
  });

  describe('with branches', () => {
    const branches = workflow('branches', { version: 1 })
      .then('look', step)
      .when(
        () => true,
        (yes) => yes.parallel({ left: (left) => left.then('l', step), right: (right) => right.then('r', step) }, { id: 'both' }),
      )
      .then('after', step);
    const chosen = { type: 'branch.chosen', path: 'when-1', payload: { choice: 0 } };

    it('has each control node before what is inside, and open as long as that is', () => {
      const steps = look(branches, journal(completed('look'), chosen, completed('when-1/0/both/right/r', 'R', 2100)), RunStatus.running);
      expect(steps.map(({ key, status }) => [key, status])).toEqual([
        ['look', 'completed'],
        ['when-1', 'running'],
        ['when-1/0/both', 'running'],
        ['when-1/0/both/right/r', 'completed'],
        ['when-1/0/both/left/l', 'running'],
      ]);
    });

    it('closes them with the last of what is inside, with their outputs', () => {
      const facts = journal(
        completed('look'),
        chosen,
        completed('when-1/0/both/right/r', 'R', 2100),
        completed('when-1/0/both/left/l', 'L', 2050),
      );
      const [, when, both] = look(branches, facts);
      expect(both).toMatchObject({
        kind: 'parallel',
        status: 'completed',
        startedAt: 2050,
        endedAt: 4000,
        output: { left: 'L', right: 'R' },
      });
      expect(when).toMatchObject({ kind: 'if', status: 'completed', startedAt: 2000, endedAt: 4000, output: { left: 'L', right: 'R' } });
    });

    it('waits where all that is inside waits', () => {
      const facts = journal(
        completed('look'),
        chosen,
        failed('when-1/0/both/left/l', 1, 200_000),
        failed('when-1/0/both/right/r', 1, 200_000),
      );
      expect(look(branches, facts).map(({ status }) => status)).toEqual(['completed', 'waiting', 'waiting', 'waiting', 'waiting']);
    });

    it('completes an if that took no branch at once', () => {
      const steps = look(branches, journal(completed('look'), { ...chosen, payload: { choice: -1 } }));
      expect(steps[1]).toMatchObject({ key: 'when-1', status: 'completed', output: null, startedAt: 2000, endedAt: 2000 });
    });

    it('marks the branches beside a failure as canceled when the run has ended', () => {
      const facts = journal(
        completed('look'),
        chosen,
        { type: 'attempt.suspended', path: 'when-1/0/both/left/l', payload: { asyncResultId: 'r', dueAt: null, startedAt: 1 } },
        failed('when-1/0/both/right/r', 1, null),
        { type: 'branches.canceled', path: 'when-1/0/both', payload: { fault } },
        { type: 'run.ended', payload: { status: 'failed', fault } },
      );
      expect(look(branches, facts, RunStatus.failed).map(({ key, status, waitReason }) => [key, status, waitReason])).toEqual([
        ['look', 'completed', null],
        ['when-1', 'failed', null],
        ['when-1/0/both', 'failed', null],
        ['when-1/0/both/left/l', 'canceled', null],
        ['when-1/0/both/right/r', 'failed', null],
      ]);
    });
  });

  it('closes the other branches when one of them fails, and goes on behind them', () => {
    const flow = workflow('collected', { version: 1 })
      .parallel(
        { all: (all) => all.parallel({ left: (left) => left.then('l', step), right: (right) => right.then('r', step) }, { id: 'both' }) },
        { id: 'outer', mode: 'collect-all' },
      )
      .then('after', step);
    const facts = journal(
      { type: 'attempt.suspended', path: 'outer/all/both/left/l', payload: { asyncResultId: 'r', dueAt: null, startedAt: 1 } },
      failed('outer/all/both/right/r', 1, null),
      { type: 'branches.canceled', path: 'outer/all/both', attempt: 0, payload: { fault } },
    );
    expect(look(flow, facts, RunStatus.running).map(({ key, status, endedAt }) => [key, status, endedAt])).toEqual([
      ['outer', 'completed', 3000],
      ['outer/all/both', 'failed', 3000],
      ['outer/all/both/left/l', 'canceled', 3000],
      ['outer/all/both/right/r', 'failed', 2000],
      ['after', 'running', null],
    ]);
  });

  it('shows where a condition threw', () => {
    const flow = workflow('throws', { version: 1 }).when(
      () => true,
      (yes) => yes.then('in', step),
    );
    const facts = journal(
      { type: 'evaluation.failed', path: 'when-1', payload: { fault } },
      { type: 'run.ended', payload: { status: 'failed', fault } },
    );
    expect(look(flow, facts, RunStatus.failed)).toMatchObject([
      { key: 'when-1', kind: 'if', status: 'failed', error: fault, endedAt: 1000 },
    ]);
  });

  it('follows a task from its opening to its answer, or to the end of its run', () => {
    const opened = { type: 'task.opened', path: 'ask', payload: { taskId: 't1' } };
    const ask = (facts: Fact[], status: RunStatus) => timeline({ facts, graph: undefined, status, now: 0 })[0];
    expect(ask(journal(opened), RunStatus.waiting)).toMatchObject({
      kind: 'node',
      nodeId: 'ask',
      status: 'waiting',
      waitReason: 'task',
      taskId: 't1',
      attempts: [],
    });
    expect(
      ask(
        journal(opened, { type: 'task.completed', path: 'ask', payload: { taskId: 't1', answer: { ok: true }, by: null } }),
        RunStatus.running,
      ),
    ).toMatchObject({
      ...{ status: 'completed', output: { ok: true }, startedAt: 1000, endedAt: 2000 },
    });
    const canceled = journal(
      opened,
      { type: 'cancel.requested', payload: { reason: 'no more' } },
      { type: 'run.ended', payload: { status: 'canceled' } },
    );
    expect(ask(canceled, RunStatus.canceled)).toMatchObject({ status: 'canceled', waitReason: null, endedAt: 3000 });
  });

  it('closes what was open at the end, also when a late result was written down after it', () => {
    const facts = journal(
      { type: 'attempt.started', path: 'one', payload: { startedAt: 500 } },
      { type: 'run.ended', payload: { status: 'canceled' } },
      { type: 'attempt.discarded', path: 'one', payload: { reason: 'too late' } },
    );
    expect(look(two, facts, RunStatus.canceled)).toMatchObject([{ key: 'one', status: 'canceled', endedAt: 2000 }]);
  });

  it('adds up the batches of an emitter', () => {
    const batch = (number: number, done: boolean) => ({
      type: 'batch.emitted',
      path: 'read',
      payload: { batch: number, read: 10, rejected: 1, deduplicated: 2, started: 7, cursor: null, done, startedAt: 50 },
    });
    const emitted = (facts: Fact[]) => timeline({ facts, graph: undefined, status: RunStatus.running, now: 0 })[0];
    expect(emitted(journal(batch(0, false)))).toMatchObject({
      status: 'running',
      output: { read: 10, rejected: 1, deduplicated: 2, started: 7 },
    });
    expect(emitted(journal(batch(0, false), batch(1, true)))).toMatchObject({
      status: 'completed',
      startedAt: 50,
      endedAt: 2000,
      output: { read: 20, started: 14 },
      attempts: [{ number: 1 }],
    });
  });

  it('shows what it can of a journal that this build cannot fold', () => {
    const facts = journal(completed('one'), { type: 'moon.landed' });
    expect(look(two, facts, RunStatus.running)).toMatchObject([{ key: 'one', status: 'completed' }]);
  });

  describe('of a screen that escalates', () => {
    class Answer {}
    @Screen({ id: 'ask', title: 'Ask' })
    class Ask implements ScreenHandler<null, Answer> {
      readonly answer = Answer;
      props = () => null;
    }
    const flow = workflow<{ boss: string }>('asking', { version: 1 }).screen(Ask, {
      escalate: [
        { after: '1h', assign: { assignee: 'bob', candidateGroups: ['leads'] } },
        { after: '2h', notify: ({ input }) => [input.boss] },
        { after: '1d', answer: {} },
      ],
    });
    const about = { path: 'ask', version: 1 };
    const opened = { ...about, type: 'task.opened', payload: { taskId: 't', dueAt: 3_600_000 } };
    const escalated = (step: number, more: object) => ({ ...about, type: 'task.escalated', payload: { taskId: 't', step, ...more } });
    const answered = (by: string) => ({ ...about, type: 'task.completed', payload: { taskId: 't', answer: {}, by: { id: by } } });
    const given = escalated(0, { what: 'assign', whom: ['bob', 'leads'], dueAt: 7_000_000 });
    const told = escalated(1, { what: 'notify', whom: ['cy'], dueAt: 9_000_000 });
    const chain = (...facts: Parameters<typeof journal>) => look(flow, journal(opened, ...facts))[0]?.escalations;

    it('tells of each step when it comes, and of those behind it what they count from', () => {
      expect(chain()).toMatchObject([
        { number: 1, what: 'assign', whom: ['bob', 'leads'], afterMs: 3_600_000, status: 'waiting', dueAt: 3_600_000, at: null },
        { number: 2, what: 'notify', whom: null, afterMs: 7_200_000, status: 'waiting', dueAt: null },
        { number: 3, what: 'answer', status: 'waiting', dueAt: null },
      ]);
    });

    it('tells when it came and to whom, also where a function of the run said it', () => {
      expect(chain(given)).toMatchObject([{ status: 'completed', at: 2_000, dueAt: null }, { dueAt: 7_000_000 }, { dueAt: null }]);
      expect(chain(given, told)?.[1]).toMatchObject({ status: 'completed', whom: ['cy'], at: 3_000 });
    });

    it('tells what came no more, and what a person was faster than', () => {
      const statuses = (...facts: Parameters<typeof journal>) => chain(...facts)?.map(({ status }) => status);
      expect(statuses(given, answered('ann'))).toEqual(['completed', 'skipped', 'skipped']);
      const byDefault = escalated(2, { what: 'answer', dueAt: null });
      expect(statuses(given, told, byDefault, answered('escalation'))).toEqual(['completed', 'completed', 'completed']);
      expect(statuses(given, told, byDefault, answered('ann'))).toEqual(['completed', 'completed', 'skipped']);
    });

    it('tells what a function threw, and of a step that named nobody', () => {
      expect(chain(escalated(0, { what: 'assign', fault, dueAt: null }))?.[0]).toMatchObject({ status: 'failed', fault });
      expect(chain(escalated(0, { what: 'assign', namesNobody: true, dueAt: 7_000_000 }))?.[0]).toMatchObject({ namesNobody: true });
    });
  });
});
