/** What happens while nobody decides a task, with the virtual clock: in memory and on a real PostgreSQL. */
import { IsIn, Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';
import {
  businessCalendar,
  type EscalatedTask,
  type EscalationHandler,
  type EscalationOutcome,
  on,
  Screen,
  type ScreenHandler,
  type ScreenPlacement,
  Step,
  type StepContext,
  TaskEscalated,
  type TaskEscalatedPayload,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';
import { crashAtEveryCommit, hangs, type RunUnderTest, testKit, type TestKit } from './index.js';

class Verdict {
  @IsIn(['approve', 'refuse'])
  verdict!: 'approve' | 'refuse';
}

@Screen({ id: 'approve', title: 'Approve' })
class Approve implements ScreenHandler<null, Verdict> {
  readonly answer = Verdict;
  props() {
    return null;
  }
}

interface Claim {
  readonly total: number;
}

const claim = workflow<Claim>('claim', { version: 1, calendar: businessCalendar({ zone: 'Europe/Berlin' }) })
  .screen(Approve, {
    assignee: 'ada',
    escalate: [
      { after: '4bh', assign: { assignee: 'bob', candidateGroups: ['leads'] } },
      { after: '1d', notify: ({ input }) => (input.total > 100 ? ['leads', 'board'] : ['leads']) },
      { after: '2d', answer: ({ input }) => ({ verdict: input.total > 100 ? 'refuse' : 'approve' }) },
    ],
  })
  .then('close', (ctx) => ctx.answerOf(Approve).verdict);

const tell = workflow<TaskEscalatedPayload>('tell', {
  version: 1,
  startOn: [on(TaskEscalated, ({ payload }) => ({ input: payload }))],
}).then('send', (ctx) => `to ${ctx.input.names.join(' and ')}`);

const expiring = workflow<Claim>('expiring', { version: 1 }).screen(Approve, {
  escalate: [{ after: '1d', fail: 'It is too late to fly.' }],
});

const guarded = workflow<Claim>('guarded', { version: 1 }).try(
  (flow) => flow.screen(Approve, { escalate: [{ after: '1d', fail: 'It is too late to fly.' }] }),
  { catch: (flow) => flow.then('stand-down', () => 'stood down') },
);

const wrong = workflow<Claim>('wrong', { version: 1 }).screen(Approve, {
  escalate: [{ after: '1d', answer: () => ({ verdict: 'maybe' }) }],
});

const unsaid = workflow<{ readonly boss: string | null }>('unsaid', { version: 1 }).screen(Approve, {
  assignee: 'ada',
  escalate: [
    { after: '1d', assign: { assignee: ({ input }) => input.boss, candidateGroups: () => [] } },
    { after: '1d', assign: { assignee: 'bob' } },
  ],
});

/** What happens while it is asked whether an answer by default is one: it is none. */
let meanwhile: () => Promise<void>;

@ValidatorConstraint({ async: true })
class IsNoDefault implements ValidatorConstraintInterface {
  async validate(value: unknown): Promise<boolean> {
    if (value === 'approve') return true;
    await meanwhile();
    return false;
  }
}

class Slow {
  @Validate(IsNoDefault)
  verdict!: string;
}

@Screen({ id: 'approve-slowly', title: 'Approve' })
class ApproveSlowly implements ScreenHandler<null, Slow> {
  readonly answer = Slow;
  props() {
    return null;
  }
}

const raced = (name: string, options: Pick<ScreenPlacement<Claim>, 'undoWindow'>) =>
  workflow<Claim>(name, { version: 1 })
    .screen(ApproveSlowly, { ...options, escalate: [{ after: '1d', answer: { verdict: 'wrong' } }] })
    .then('close', (ctx) => ctx.answerOf(ApproveSlowly).verdict);
const [decided, takenBack] = [raced('decided', {}), raced('taken-back', { undoWindow: '10m' })];

/** What it was asked, and what it does about it. */
const asked: EscalatedTask[] = [];
let askAround: (attempt: number) => EscalationOutcome | undefined | Promise<never>;

@Step({ id: 'ask-around', retry: { attempts: 2, backoff: '1m' }, timeout: '10m' })
class AskAround implements EscalationHandler<Claim> {
  run({ params, attempt }: StepContext<Claim, EscalatedTask>) {
    asked.push(params);
    return askAround(attempt);
  }
}

const handled = workflow<Claim>('handled', { version: 1 })
  .screen(Approve, {
    undoWindow: '10m',
    escalate: [
      { after: '1h', run: AskAround },
      { after: '1h', assign: { assignee: 'bob' } },
    ],
  })
  .then('close', (ctx) => ctx.answerOf(Approve).verdict);

const watched = workflow<Claim>('watched', { version: 1 })
  .screen(Approve, { escalate: [{ after: '1h', run: AskAround }] })
  .wait('1d');

const nobodys = workflow<unknown>('nobodys', { version: 1 }).screen(Approve, { assignee: () => null, candidateGroups: () => [] });

const held = workflow<Claim>('held', { version: 1 })
  .screen(Approve, {
    undoWindow: '10m',
    escalate: [
      { after: '5m', assign: { assignee: ({ input }) => bossOf(input) } },
      { after: '2m', notify: ['leads'] },
    ],
  })
  .then('close', (ctx) => ctx.answerOf(Approve).verdict);

function bossOf({ total }: Claim): string {
  if (total === 0) throw new Error('Nobody has a claim of nothing.');
  return 'bob';
}

@WorkflowModule({
  workflows: [claim, tell, expiring, guarded, wrong, unsaid, decided, takenBack, handled, watched, nobodys, held],
  providers: [Approve, ApproveSlowly, AskAround],
})
class ClaimModule {}

const bob = { id: 'bob', name: 'bob', kind: 'user' } as const;

/** A Monday, 13:00 in Berlin. */
const OPTIONS = { workflows: [ClaimModule], now: '2026-03-02T12:00:00Z' };

describe.each(['memory', 'postgres'] as const)('an escalation, %s', (store) => {
  let t: TestKit;
  beforeEach(async () => {
    t = await testKit({ ...OPTIONS, store });
  });
  afterEach(() => t.close());

  it('goes from step to step, each a fact: to others in business time, then tells them, and at last decides', async () => {
    const run = await t.start(claim, { total: 250 });
    const task = async () => (await t.tasks())[0];
    expect((await task())?.assignment?.assignee).toBe('ada');
    await t.advance('3h');
    expect((await task())?.assignment?.assignee).toBe('ada');
    await t.advance('1h');
    expect(await task()).toMatchObject({
      status: 'open',
      assignment: { assignee: 'bob', candidateUsers: null, candidateGroups: ['leads'] },
    });
    await t.advance('1d');
    const told = (await t.runs()).find(({ workflow }) => workflow === 'tell');
    expect(await t.run(told?.id ?? '').output()).toBe('to leads and board');
    await t.advance('2d');
    expect(await run.output()).toBe('refuse');
    expect(await task()).toMatchObject({ status: 'completed', answer: { verdict: 'refuse' } });
    const facts = (await run.journal()).map(({ type }) => type).filter((type) => type.startsWith('task.'));
    expect(facts).toEqual(['task.opened', 'task.escalated', 'task.escalated', 'task.escalated', 'task.completed']);
    const whom = (await run.journal()).flatMap(({ type, payload }) =>
      type === 'task.escalated' ? [(payload as { whom?: string[] }).whom] : [],
    );
    expect(whom).toEqual([['bob', 'leads'], ['leads', 'board'], undefined]);
  });

  it('ends with the decision of a person, and what would have come later does not come', async () => {
    const run = await t.start(claim, { total: 250 });
    await t.advance('1d');
    await t.answer(Approve, { verdict: 'approve' }, bob);
    await t.advance('9d');
    expect(await run.output()).toBe('approve');
    expect((await t.runs()).map(({ workflow }) => workflow)).toEqual(['claim']);
  });

  it('fails the screen, which a try may catch; an answer by default that its class refuses fails the run', async () => {
    const [failed, caught, bad] = [
      await t.start(expiring, { total: 1 }),
      await t.start(guarded, { total: 1 }),
      await t.start(wrong, { total: 1 }),
    ];
    await t.advance('1d');
    expect((await t.runs()).find(({ id }) => id === failed.id)).toMatchObject({
      status: 'failed',
      errorCode: 'TASK_EXPIRED',
      errorMessage: 'Nobody decided the task in time: It is too late to fly.',
    });
    expect(await caught.output()).toBe('stood down');
    expect((await t.runs()).find(({ id }) => id === bad.id)).toMatchObject({
      status: 'failed',
      errorMessage: expect.stringContaining('The default answer does not fit the form: verdict: Needs one of: approve, refuse'),
    });
    expect((await t.tasks()).map(({ status }) => status)).toEqual(['expired', 'expired', 'expired']);
  });

  it('leaves a task whose it is when a step names nobody, says so, and goes on; nothing opens one for everybody by naming nobody', async () => {
    const run = await t.start(unsaid, { boss: null });
    const task = async () => (await t.tasks())[0];
    await t.advance('1d');
    expect(await task()).toMatchObject({ status: 'open', assignment: { assignee: 'ada', candidateUsers: null, candidateGroups: null } });
    expect((await run.journal()).at(-1)).toMatchObject({ type: 'task.escalated', payload: { what: 'assign', namesNobody: true } });
    await t.advance('1d');
    expect((await task())?.assignment?.assignee).toBe('bob');
    const other = await t.start(nobodys, {});
    expect((await t.runs()).find(({ id }) => id === other.id)).toMatchObject({
      status: 'failed',
      errorMessage: '"approve" could not be evaluated: Screen "approve": its assignee and candidates name nobody.',
    });
    expect(await t.tasks()).toHaveLength(1);
  });

  it.each([0, 250])(
    'does not touch a decision that is held in its undo window, by what throws no more than by what tells (%d)',
    async (total) => {
      const run = await t.start(held, { total });
      await t.advance('4m');
      await t.answer(Approve, { verdict: 'approve' });
      await t.advance('9m');
      expect(await run.waitsFor()).toEqual(['task']);
      await t.advance('1m');
      expect(await run.output()).toBe('approve');
      expect((await run.journal()).map(({ type }) => type)).not.toContain('task.escalated');
      expect(await t.runs()).toHaveLength(1);
    },
  );

  it.each([decided, takenBack])('loses no decision that is made while it throws: the run has it', async (flow) => {
    let deciding: Promise<void> | undefined;
    let asked: Promise<void> | undefined;
    const untilDecided = async () => {
      deciding = t.answer(ApproveSlowly, { verdict: 'approve' });
      while ((await t.openTasks()).length > 0);
    };
    meanwhile = () => (asked ??= untilDecided());
    const run = await t.start(flow, { total: 1 });
    await t.advance('1d');
    // What an author asks outside of a step is nothing that the kit waits for.
    await asked;
    await deciding;
    await t.advance('10m');
    expect((await t.tasks())[0]).toMatchObject({ status: 'completed', answer: { verdict: 'approve' } });
    expect(await run.output()).toBe('approve');
  });

  describe('by a handler', () => {
    const task = async () => (await t.tasks())[0];
    const escalated = async (run: RunUnderTest) => (await run.journal()).filter(({ type }) => type === 'task.escalated');
    beforeEach(() => {
      asked.length = 0;
    });

    it('tries it as a step is tried, and does to the task what it says', async () => {
      askAround = (attempt) => {
        if (attempt === 1) throw new Error('Nobody answers.');
        return { assign: { candidateGroups: ['night'] } };
      };
      const run = await t.start(handled, { total: 1 });
      await t.advance('1h');
      expect(await run.waitsFor()).toEqual(expect.arrayContaining(['retry', 'task']));
      await t.advance('1m');
      const id = (await task())?.id;
      const params = { taskId: id, screen: 'approve', title: 'Approve', escalated: 1 };
      expect(asked).toEqual([params, params]);
      expect(await task()).toMatchObject({ status: 'open', assignment: { assignee: null, candidateGroups: ['night'] } });
      expect(await escalated(run)).toMatchObject([{ payload: { what: 'run', as: 'assign', whom: ['night'], step: 0 } }]);
      await t.advance('1h');
      expect((await task())?.assignment?.assignee).toBe('bob');

      askAround = () => ({ answer: { verdict: 'refuse' } });
      const other = await t.start(handled, { total: 2 });
      await t.advance('1h');
      expect(await other.output()).toBe('refuse');
    });

    it.each([
      ['throws', () => Promise.reject(new Error('Nobody answers.')), 'Nobody answers.'],
      ['never ends', undefined, 'The step did not finish within'],
      ['says what nobody can do', () => ({ answer: { verdict: 'maybe' } }), 'does not fit the form'],
    ])('goes on when it %s: the task stays open, and the next step comes', async (_, does, why) => {
      if (does) askAround = does;
      else t.stub(AskAround, hangs);
      const run = await t.start(handled, { total: 1 });
      await t.advance('90m');
      expect(await task()).toMatchObject({ status: 'open' });
      expect((await task())?.assignment ?? null).toBeNull();
      expect(await escalated(run)).toMatchObject([{ payload: { what: 'run', fault: { message: expect.stringContaining(why) } } }]);
      await t.advance('1h');
      expect((await task())?.assignment?.assignee).toBe('bob');
      await t.answer(Approve, { verdict: 'approve' }, bob);
      await t.advance('10m');
      expect(await run.output()).toBe('approve');
    });

    it('keeps nobody from deciding meanwhile; then it is not asked again, and its word counts for nothing', async () => {
      askAround = () => Promise.reject(new Error('Nobody answers.'));
      const [run, other] = [await t.start(handled, { total: 1 }), await t.start(handled, { total: 2 })];
      await t.advance('1h');
      const [first, second] = await t.tasks();
      await t.answer(first ?? '', { verdict: 'approve' });
      await t.answer(second ?? '', { verdict: 'refuse' });
      askAround = () => ({ answer: { verdict: 'refuse' } });
      await t.advance('10m');
      expect(await Promise.all([run.output(), other.output()])).toEqual(['approve', 'refuse']);
      expect(asked).toHaveLength(2);
      expect(await escalated(run)).toEqual([]);
      expect((await t.tasks()).map(({ status }) => status)).toEqual(['completed', 'completed']);
    });

    it('is told to end when somebody decides, and the run goes on without it', async () => {
      t.stub(AskAround, hangs);
      const run = await t.start(watched, { total: 1 });
      await t.advance('1h');
      await t.answer(Approve, { verdict: 'approve' });
      // The worker looks after runs that are at work every few seconds.
      await t.advance('1m');
      expect(await run.waitsFor()).toEqual(['timer']);
      await t.advance('1h');
      expect((await run.journal()).map(({ type }) => type)).not.toContain('attempt.failed');
    });
  });

  it('goes on when a decision was taken back: what was due meanwhile comes when its undo window would have ended', async () => {
    // The trigger that lets a decision be taken back goes by the server's own clock.
    await t.close();
    t = await testKit({ workflows: [ClaimModule], store });
    await t.start(held, { total: 250 });
    await t.advance('4m');
    await t.answer(Approve, { verdict: 'approve' });
    const [task] = await t.tasks();
    await t.advance('2m');
    if (task) await t.undoAnswer(task);
    await t.advance('8m');
    expect((await t.tasks())[0]?.assignment?.assignee).toBe('bob');
    await t.advance('2m');
    expect((await t.runs()).map(({ workflow }) => workflow)).toEqual(['held', 'tell']);
  });
});

it('an escalation comes to the same whatever commit its process dies at', async () => {
  await crashAtEveryCommit({ ...OPTIONS, store: 'memory' }, async (t) => {
    askAround = () => ({ assign: { candidateGroups: ['night'] } });
    await t.start(claim, { total: 50 });
    await t.start(handled, { total: 50 });
    await t.advance('9d');
  });
});

it.each([
  [[{ after: '10s', fail: 'x' }], 'after is "10s"; it is at least a minute.'],
  [[{ after: '1d' }], 'it does one of assign, notify, run, answer, fail.'],
  [[{ after: '1d', fail: 'x', notify: ['a'] }], 'it does one of assign, notify, run, answer, fail.'],
  [
    [
      { after: '1d', fail: 'x' },
      { after: '1d', notify: ['a'] },
    ],
    'it ends the task by "fail", so it is the last one.',
  ],
  [[{ after: '1d', assign: {} }], 'assign names nobody.'],
  [[{ after: '1d', assign: { assignee: null, candidateUsers: [] } }], 'assignee, candidateUsers and candidateGroups name nobody'],
  [[{ after: '1d', notify: [' '] }], '" " is no name.'],
  [[{ after: '1bd', fail: 'x' }], 'the workflow has no calendar'],
])('refuses the chain %j when the workflow is built', (escalate, reason) => {
  expect(() => workflow<unknown>('x', { version: 1 }).screen(Approve, { escalate })).toThrow(reason);
});
