import { Screen, Step } from './decorators.js';
import { emitter, type RecordBatch, type RecordSource } from './emitter.js';
import { event, on } from './event.js';
import type { Flow } from './flow.js';
import type { ScreenHandler, StepHandler } from './handlers.js';
import './nodes/emit.node.js';
import './nodes/if.node.js';
import './nodes/parallel.node.js';
import './nodes/screen.node.js';
import './nodes/step.node.js';
import './nodes/wait.node.js';
import { NO_RETRY } from './retry.js';
import { stepPolicy } from './step-policies.js';
import { definitionOf, type Hosted, workflow } from './workflow.js';

@Step({ id: 'triage', timeout: '5s', retry: { attempts: 2, backoff: '2s' }, queue: 'slow' })
class Triage implements StepHandler<number> {
  run() {
    return 1;
  }
}

class Answer {}

@Screen({ id: 'review', title: 'Review the order', instructions: 'Look twice.' })
class Review implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

class Unmarked implements StepHandler<number>, ScreenHandler<null, Answer>, RecordSource<unknown, null> {
  readonly answer = Answer;
  run() {
    return 1;
  }
  props() {
    return null;
  }
  async read(): Promise<RecordBatch<unknown, null>> {
    return { records: [], rejected: [], cursor: null, done: true };
  }
}

const begin = () => workflow<{ id: string }>('order', { version: 1 });
const nodesOf = (flow: Hosted) => definitionOf(flow).nodes;
const yes = (flow: Flow<{ id: string }>) => flow.wait('1s');

describe('the builder', () => {
  it('gives a definition with every default filled in', () => {
    expect(definitionOf(begin().then(Triage))).toEqual({
      name: 'order',
      title: 'order',
      version: 1,
      input: undefined,
      startOn: [],
      signals: [],
      columns: [],
      schedule: undefined,
      cap: undefined,
      priority: 0,
      config: {},
      delivery: { mode: 'durable', every: 1 },
      interceptors: [],
      maxInjected: 100,
      canary: undefined,
      isDeprecated: false,
      migrations: [],
      nodes: [
        {
          kind: 'step',
          id: 'triage',
          onExhausted: 'fail',
          handler: Triage,
          run: undefined,
          params: undefined,
          timeoutMs: 5_000,
          queue: 'slow',
          priority: null,
          retry: { ...NO_RETRY, attempts: 2, backoffMs: 2_000 },
          policy: stepPolicy({}, 'here'),
          compensation: null,
          columns: [],
        },
      ],
    });
  });

  it('lets the place override what the decorator says', () => {
    const [node] = nodesOf(begin().then(Triage, { id: 'again', timeout: '1m', retry: { attempts: 5 }, queue: 'fast' }));
    expect(node).toMatchObject({ id: 'again', timeoutMs: 60_000, queue: 'fast', retry: { attempts: 5, backoffMs: 1_000 } });
  });

  it('gives control nodes ids that count over the whole workflow, branches included', () => {
    const flow = begin()
      .when(
        () => true,
        (one) => one.when(() => true, yes).parallel({ a: yes, b: yes }),
      ) // prettier-ignore
      .when(() => true, yes)
      .emit(event('order.filed'), () => null);
    const ids: string[] = [];
    const collect = (nodes: readonly { id: string }[]): void => {
      for (const node of nodes as readonly { id: string; arms?: { nodes: never[] }[]; branches?: { nodes: never[] }[] }[]) {
        ids.push(node.id);
        for (const inner of [...(node.arms ?? []), ...(node.branches ?? [])]) collect(inner.nodes);
      }
    };
    collect(nodesOf(flow));
    expect([...ids].sort()).toEqual(['emit-1', 'parallel-1', 'wait-1', 'wait-2', 'wait-3', 'wait-4', 'when-1', 'when-2', 'when-3']);
  });

  it('keeps the arms of an if in their order, the else last', () => {
    const [node] = nodesOf(begin().when(() => true, yes).elseIf(() => false, yes).otherwise(yes)); // prettier-ignore
    expect(node?.kind === 'if' && node.arms.map((arm) => typeof arm.condition)).toEqual(['function', 'function', 'undefined']);
  });

  it('takes a screen with what its decorator and its place say', () => {
    expect(nodesOf(begin().screen(Review, { due: '4h', priority: 3 }))).toEqual([
      {
        kind: 'screen',
        id: 'review',
        screen: Review,
        title: 'Review the order',
        instructions: 'Look twice.',
        due: { ms: 14_400_000, business: null, amount: 14_400_000, isInDays: false, end: expect.any(Function) },
        undoMs: null,
        prioritizedBy: 'operators',
        refusesOwnWork: false,
        reviews: null,
        ...{ followUp: null, priority: expect.any(Function), fixedPriority: 3, assignment: null, escalations: [] },
        columns: [],
      },
    ]);
  });

  it('refuses reviews of an answer that can be taken back, and of one person', () => {
    expect(() => begin().screen(Review, { reviews: { required: 2 }, undoWindow: '10s' })).toThrow('Leave one of them out.');
    expect(() => begin().screen(Review, { reviews: { required: 2 }, assignee: 'ann' })).toThrow('the task is for ann alone');
  });

  it('takes listeners and a schedule', () => {
    const Filed = event<{ id: string }>('order.filed');
    const flow = workflow<{ id: string }>('order', {
      version: 2,
      title: 'Orders',
      startOn: [on(Filed, ({ payload }) => ({ input: payload }), { once: true })],
      schedule: { cron: '0 3 * * *', zone: 'Europe/Vienna' },
    });
    const { title, startOn, schedule } = definitionOf(flow);
    expect(title).toBe('Orders');
    expect(startOn).toMatchObject([{ event: 'order.filed', once: true, external: false }]);
    expect(schedule).toEqual({ cron: '0 3 * * *', zone: 'Europe/Vienna' });
  });
});

describe('what the builder refuses at once', () => {
  it.each<[string, () => unknown, string]>([
    ['a workflow name with a space', () => workflow('my order', { version: 1 }), 'The id "my order": an id starts with a letter and holds letters, digits, "-" and "_" only.'],
    ['a version below one', () => workflow('order', { version: 0 }), 'Workflow "order", version: a version is a whole number of at least 1.'],
    ['half a version', () => workflow('order', { version: 1.5 }), 'Workflow "order", version: a version is a whole number of at least 1.'],
    ['a step id with a slash', () => begin().then('a/b', () => 1), 'The id "a/b": an id starts with a letter'],
    ['an empty id', () => begin().then(Triage, { id: '' }), 'The id "": an id starts with a letter'],
    ['a control node id with an @', () => begin().when(() => true, yes, { id: 'a@b' }), 'The id "a@b": an id starts with a letter'],
    ['a branch name with a slash', () => begin().parallel({ 'a/b': yes }), 'The id "a/b": an id starts with a letter'],
    ['a decorator id that begins with a digit', () => Step({ id: '1st' }), 'The id "1st": an id starts with a letter'],
    ['a screen id with a dot', () => Screen({ id: 'a.b', title: 'x' }), 'The id "a.b": an id starts with a letter'],
    ['a step without its decorator', () => begin().then(Unmarked), 'Workflow "order": Unmarked has no @Step({ id }) decorator.'],
    ['a screen without its decorator', () => begin().screen(Unmarked), 'Workflow "order": Unmarked has no @Screen({ id, title }) decorator.'],
    ['a source without its decorator', () => emitter('intake', { version: 1, source: Unmarked, processor: 'order' }), 'Emitter "intake": Unmarked has no @Step({ id }) decorator.'],
    ['a negative backoff', () => begin().then('a', () => 1, { retry: { backoff: '-1s' } }), 'Workflow "order", step "a", retry.backoff: the duration "-1s" is negative.'],
    ['a negative backoff in a decorator', () => Step({ id: 'a', retry: { backoff: '-1s' } }), '@Step "a", retry.backoff: the duration "-1s" is negative.'],
    ['no attempt at all', () => begin().then('a', () => 1, { retry: { attempts: 0 } }), 'Workflow "order", step "a": retry.attempts is 0;'],
    ['a timeout that is no duration', () => begin().then('a', () => 1, { timeout: 'soon' }), 'Workflow "order", step "a", timeout: "soon" is not a duration.'],
    ['a wait that is no duration', () => begin().wait('soon'), 'Workflow "order", wait "wait-1": "soon" is not a duration.'],
    ['a priority that is no whole number', () => begin().screen(Review, { priority: 1.5 }), 'Workflow "order", screen "review": priority is 1.5; it is a whole number from -1000000 to 1000000.'],
    ['a due time that is no duration', () => begin().screen(Review, { due: 'soon' }), 'Workflow "order", screen "review", due: "soon" is not a duration.'],
    ['a parallel of nobody at a time', () => begin().parallel({ a: yes }, { concurrency: 0 }), 'Workflow "order", parallel "parallel-1": concurrency is a whole number of at least 1.'],
    ['an else without an if', () => (begin() as never as { otherwise: (b: unknown) => void }).otherwise(yes), 'Workflow "order", otherwise: it must directly follow a when or an elseIf.'],
    ['an arm after the else', () => (begin().when(() => true, yes).otherwise(yes) as never as { elseIf: (c: unknown, b: unknown) => void }).elseIf(() => true, yes), 'Workflow "order", elseIf: it must directly follow a when or an elseIf.'],
    ['options that are none', () => workflow('order', null as never), 'Workflow "order": something of the wrong kind was given'],
    ['a name that is no text', () => workflow(5 as never, { version: 1 }), 'The id "5": an id starts with a letter'],
    ['branches that are none', () => begin().parallel({ a: 'yes' } as never), 'Workflow "order", parallel: something of the wrong kind was given (build is not a function).'],
    ['no branches at all', () => (begin() as never as { parallel: () => void }).parallel(), 'Workflow "order", parallel: something of the wrong kind was given'],
    ['a branch that calls what is not there', () => begin().when(() => true, (branch) => (branch as never as { them: () => never }).them()), 'Workflow "order", when: something of the wrong kind was given (branch.them is not a function).'],
    ['a wait that is no text', () => begin().wait(5 as never), 'Workflow "order", wait "wait-1": "5" is not a duration.'],
    ['an instant that is no text', () => begin().waitUntil(5 as never), 'Workflow "order", wait "wait-1": "5" is not an instant.'],
    ['listeners that are no list', () => definitionOf(workflow('order', { version: 1, startOn: 'x' as never })), 'Workflow "order", startOn: it is a list, and there is something else in it or in its place.'],
    ['a listener that is not there', () => definitionOf(workflow('order', { version: 1, startOn: [undefined] as never })), 'Workflow "order", startOn: it is a list'],
    ['something that is no workflow', () => definitionOf({} as never), '@WorkflowModule, workflows: list what workflow() or emitter() returned.'],
  ])('%s', (_name, build, sentence) => {
    expect(build).toThrow(sentence);
  }); // prettier-ignore

  it('a batch size outside 1 to 5000', () => {
    @Step({ id: 'read' })
    class Source extends Unmarked {}
    for (const batchSize of [0, 0.5, 5_001]) {
      expect(() => emitter('intake', { version: 1, source: Source, processor: 'order', batchSize })).toThrow(
        `Emitter "intake": batchSize is ${batchSize}; it is a whole number from 1 to 5000.`,
      );
    }
    expect(nodesOf(emitter('intake', { version: 1, source: Source, processor: 'order' }))).toEqual([
      { kind: 'emit-records', id: 'read', source: Source, processor: 'order', batchSize: 500, onExhausted: 'fail' },
    ]);
  });
});
