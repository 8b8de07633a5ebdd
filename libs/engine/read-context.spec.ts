import { Screen, type ScreenHandler, Step, type StepHandler, workflow } from '@stepwell/sdk';
import { RunDriver } from './testing/run-driver.js';

@Step({ id: 'triage' })
class Triage implements StepHandler<{ severity: string; marks: number[] }> {
  run() {
    return { severity: 'minor', marks: [1] };
  }
}

@Step({ id: 'mail' })
class Mail implements StepHandler<string> {
  run(ctx: { stepId?: string }) {
    return `sent ${ctx.stepId ?? ''}`;
  }
}

class Answer {
  verdict!: string;
}

@Screen({ id: 'review', title: 'Review' })
class Review implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

class Stranger implements StepHandler<number> {
  run() {
    return 1;
  }
}

const flow = () =>
  workflow<unknown>('order', { version: 1 })
    .then(Triage)
    .when(
      () => true,
      (yes) => yes.then(Mail, { id: 'welcome' }),
      { id: 'greet' },
    ) // prettier-ignore
    .when(
      () => false,
      (yes) => yes.then(Mail, { id: 'remind' }).wait('1m', { id: 'pause' }),
      { id: 'nag' },
    ) // prettier-ignore
    .otherwise((no) => no.screen(Review))
    .parallel({ left: (branch) => branch.then('l', () => 'L'), right: (branch) => branch.wait('1m', { id: 'r' }) }, { id: 'both' })
    .then('last', () => 'end');

async function ended() {
  const driver = RunDriver.of(flow(), { input: { total: 1 }, answer: () => ({ verdict: 'yes' }) });
  await driver.settle();
  expect(driver.state.status).toBe('completed');
  return driver.read;
}

describe('reading a run', () => {
  it('gives the run’s header and input', async () => {
    const read = await ended();
    expect([read.tenant, read.runId, read.actor, read.input]).toEqual(['default', 'run', null, { total: 1 }]);
  });

  it('gives every kind of node a readable output', async () => {
    const read = await ended();
    expect(read.resultOf('triage')).toEqual({ severity: 'minor', marks: [1] });
    expect(read.resultOf('greet')).toBe('sent ');
    expect(read.resultOf('welcome')).toBe('sent ');
    expect(read.resultOf('review')).toEqual({ verdict: 'yes' });
    expect(read.resultOf('nag')).toEqual({ verdict: 'yes' });
    expect(read.resultOf('r')).toBeNull();
    expect(read.resultOf('both')).toEqual({ left: 'L', right: null });
    expect(read.resultOf('last')).toBe('end');
  });

  it('gives undefined for a node of a branch that was not taken, however deep', async () => {
    const read = await ended();
    expect(read.resultOf('pause')).toBeUndefined();
    expect(read.resultOf('remind')).toBeUndefined();
    expect(read.maybeResultOf('remind')).toBeUndefined();
  });

  it('reads by handler where it stands once, and by handler and id where it stands twice', async () => {
    const read = await ended();
    expect(read.resultOf(Triage)).toEqual({ severity: 'minor', marks: [1] });
    expect(read.answerOf(Review)).toEqual({ verdict: 'yes' });
    expect(read.resultOf(Mail, 'welcome')).toBe('sent ');
    expect(read.maybeResultOf(Mail, 'remind')).toBeUndefined();
    expect(() => read.resultOf(Mail)).toThrow(
      'Workflow "order", resultOf(Mail): the handler stands at several places (welcome, remind); name one of them.',
    );
  });

  it('refuses an id that the workflow does not have', async () => {
    const read = await ended();
    expect(() => read.resultOf('nowhere')).toThrow('Workflow "order" has no node "nowhere".');
    expect(() => read.maybeResultOf('nowhere')).toThrow('Workflow "order" has no node "nowhere".');
    expect(() => read.resultOf(Mail, 'nowhere')).toThrow('Workflow "order" has no node "nowhere".');
  });

  it('refuses a handler that does not stand there', async () => {
    const read = await ended();
    expect(() => read.resultOf(Stranger)).toThrow('Workflow "order", resultOf(Stranger): the handler does not stand in this workflow.');
    expect(() => read.resultOf(Triage, 'welcome')).toThrow(
      'Workflow "order", resultOf(Triage): the node "welcome" has another handler; this one stands at: triage.',
    );
  });

  it('refuses the result of a step that has not run, unless it is asked for as a maybe', () => {
    const { read } = RunDriver.of(flow());
    expect(() => read.resultOf(Triage)).toThrow(/^Step "triage" has no result in this run/);
    expect(() => read.resultOf('last')).toThrow(/^Step "last" has no result in this run/);
    expect(() => read.answerOf(Review)).toThrow(/^Step "review" has no result in this run/);
    expect(read.maybeResultOf(Triage)).toBeUndefined();
    expect(read.maybeAnswerOf(Review)).toBeUndefined();
  });

  it('hands out what nobody can change, because all readers share it', async () => {
    const read = await ended();
    const triage = read.resultOf(Triage) as { marks: number[] };
    expect(() => triage.marks.push(2)).toThrow(TypeError);
    expect(read.resultOf(Triage)).toEqual({ severity: 'minor', marks: [1] });
  });
});
