import { Inject, Injectable, Module, Optional } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { StepwellError } from '@stepwell/contracts';
import type { WorkflowCatalog } from '@stepwell/engine';
import {
  businessCalendar,
  emitter,
  cancelBy,
  event,
  on,
  type RecordBatch,
  type RecordSource,
  Screen,
  type ScreenHandler,
  Step,
  type StepHandler,
  type Type,
  workflow,
  WorkflowModule,
  type WorkflowModuleOptions,
} from '@stepwell/sdk';
import { Entity } from 'typeorm';
import { explainBootError } from './explain-boot-error.js';
import { refuseChangedGraphs, unlocked } from './graph-lock.js';
import { hostedWorkflows } from './hosted-workflows.js';
import { rememberFolder } from './module-name.js';

interface Registry {
  file(): string;
}

@Injectable()
class Clerk {}

@Step({ id: 'triage' })
class Triage implements StepHandler<number> {
  run() {
    return 1;
  }
}

@Step({ id: 'triage' })
class OtherTriage implements StepHandler<number> {
  run() {
    return 2;
  }
}

class Answer {}

@Screen({ id: 'review', title: 'Review' })
class Review implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

@Step({ id: 'read' })
class Source implements RecordSource<unknown, null> {
  async read(): Promise<RecordBatch<unknown, null>> {
    return { records: [], rejected: [], cursor: null, done: true };
  }
}

const begin = (name = 'order') => workflow<unknown>(name, { version: 1 });

function moduleOf(options: WorkflowModuleOptions): Type<object> {
  class OrderModule {}
  WorkflowModule(options)(OrderModule);
  return OrderModule;
}

/** What the boot says instead of hosting the workflows. */
function refusal(build: () => WorkflowModuleOptions | WorkflowModuleOptions[]): string {
  try {
    hostedWorkflows([build()].flat().map(moduleOf));
  } catch (error) {
    expect(error).toBeInstanceOf(StepwellError);
    return (error as StepwellError).message;
  }
  throw new Error('The boot accepted it.');
}

describe('hosting workflow modules', () => {
  it('takes what is right', () => {
    const { catalog, declaredEvents } = hostedWorkflows([
      moduleOf({
        workflows: [
          begin()
            .then(Triage)
            .screen(Review)
            .then('file', () => 1),
          emitter('intake', { version: 2, source: Source, processor: 'order' }),
        ],
        providers: [Triage, Review, Source],
        events: [event('order.filed')],
      }),
    ]);
    expect(catalog.all().map(({ needs, processor }) => [needs, processor])).toEqual([
      ['order@1', undefined],
      ['intake@2', 'order'],
    ]);
    expect(declaredEvents).toEqual(['order.filed']);
  });

  it('refuses a class without the decorator', () => {
    expect(() => hostedWorkflows([Clerk])).toThrow('Clerk: it has no @WorkflowModule({ workflows }) decorator.');
  });

  it('refuses an entity outside of its module’s schema, and one that is claimed twice', () => {
    @Entity({ schema: 'order', name: 'lines' })
    class Line {}
    @Entity({ schema: 'order', name: 'lines' })
    class OtherLine {}
    @Entity({ schema: 'stock', name: 'lines' })
    class Stock {}
    @Entity()
    class Homeless {}
    const having = (...entities: Type<object>[]) => ({ workflows: [], entities });
    const where = 'OrderModule, entity';
    const own = "the tables of this module are in its own: @Entity({ schema: 'order', name: '...' }).";
    const taken = `is claimed by ${where} Line already. List it once, in the module that writes it; tell others by events.`;
    expect(refusal(() => having(Line, Stock))).toBe(`${where} Stock: it is in the schema "stock"; ${own}`);
    expect(refusal(() => having(Homeless))).toBe(`${where} Homeless: it names no schema; ${own}`);
    expect(refusal(() => having(Clerk))).toBe(`${where} Clerk: it has no @Entity decorator.`);
    expect(refusal(() => [having(Line), having(Line)])).toBe(`${where} Line: the entity ${taken}`);
    expect(refusal(() => having(Line, OtherLine))).toBe(`${where} OtherLine: the table order.lines ${taken}`);
    const found = moduleOf(having(Line));
    rememberFolder(found, 'workflows/strike-review');
    expect(() => hostedWorkflows([found])).toThrow("@Entity({ schema: 'strike_review', name: '...' })");
    expect(hostedWorkflows([moduleOf(having(Line))]).entities).toEqual([Line]);
  });

  it('refuses two workflows of one name and version, over all modules', () => {
    const one = () => ({ workflows: [begin().then('a', () => 1)] });
    expect(refusal(() => [one(), one()])).toBe(
      'Two workflows are "order@1" (OrderModule and OrderModule). Rename one of them, or give it another version.',
    );
  });

  it('takes calendars of one name where they count alike, and refuses two that do not', () => {
    const using = (workflowName: string, closed: string[], name = 'office') => ({
      workflows: [workflow<unknown>(workflowName, { version: 1, calendar: businessCalendar({ name, zone: 'UTC', closed }) }).wait('1bd')],
    });
    const [christmas, easter] = ['2026-12-25', '2026-04-06'];
    expect(refusal(() => [using('order', [christmas]), using('claim', [easter])])).toBe(
      'Two calendars are named "office" and differ in closed: that of "order@1", OrderModule, and that of "claim@1", OrderModule. Declare it once, in workflows/office.calendar.ts, and import it in both; or rename one.',
    );
    const { catalog } = hostedWorkflows(
      [using('order', [christmas, easter]), using('claim', [easter, christmas]), using('bill', [], 'desk')].map(moduleOf),
    );
    expect(catalog.all().map(({ definition }) => definition.calendar?.name)).toEqual(['office', 'office', 'desk']);
    expect(() => businessCalendar({ name: 'the office', zone: 'UTC' })).toThrow('The id "the office": an id starts with a letter');
  });

  it('takes two versions of a workflow, and refuses a canary that leaves its rest to nobody', () => {
    const version = (number: number, more: object = {}) => workflow<unknown>('order', { version: number, ...more }).then('a', () => 1);
    const { catalog } = hostedWorkflows([
      moduleOf({ workflows: [version(1)] }),
      moduleOf({ workflows: [version(3, { canary: 5 }), version(2)] }),
    ]);
    expect(catalog.versions('order').map(({ needs }) => needs)).toEqual(['order@3', 'order@2', 'order@1']);
    expect(catalog.get('order')?.needs).toBe('order@2');
    const rest =
      'canary: there is no older version, hosted and not deprecated, for the other runs. Host that one too, or leave `canary` out.';
    const alone = (...workflows: ReturnType<typeof version>[]) => refusal(() => ({ workflows }));
    expect(alone(version(2, { canary: 5 }))).toBe(`Workflow "order" version 2, ${rest}`);
    expect(alone(version(2, { canary: 5 }), version(1, { deprecated: true }))).toBe(`Workflow "order" version 2, ${rest}`);
    expect(alone(version(2, { canary: 100 }))).toBe(
      'Workflow "order" version 2, canary: it is 100; the percentage of new runs is above 0 and below 100.',
    );
  });

  it('refuses a released graph that has changed, and takes versions that are not released', () => {
    const { catalog } = hostedWorkflows([moduleOf({ workflows: [begin().then('a', () => 1)] })]);
    expect(() => refuseChangedGraphs({ order: { 2: ['step b'] } }, catalog)).not.toThrow();
    expect(() => refuseChangedGraphs({ order: { 1: ['step b'] } }, catalog)).toThrow(
      'The graph of "order" version 1 is not the one that was released: "b" (step) is now "a". Runs of it may be waiting. Raise its version',
    );
    expect(unlocked({ order: { 2: ['step b'] } }, catalog).map(({ needs }) => needs)).toEqual(['order@1']);
  });

  it('tells of a copied folder that the workflow is there twice and where, before it tells of its handlers', () => {
    const copies = ['workflows/order', 'workflows/order-copy'].map((folder, index) => {
      const copy = moduleOf({ workflows: [begin().then('a', () => 1)], providers: [[Triage, OtherTriage][index] ?? Triage] });
      rememberFolder(copy, folder);
      return copy;
    });
    expect(() => hostedWorkflows(copies)).toThrow(
      'Two workflows are "order@1" (OrderModule in workflows/order and OrderModule in workflows/order-copy). Rename one of them, or give it another version.',
    );
  });

  it('refuses what workflow() or emitter() did not build', () => {
    expect(refusal(() => ({ workflows: [{} as never] }))).toBe('@WorkflowModule, workflows: list what workflow() or emitter() returned.');
  });
});

describe('the boot check of graphs', () => {
  it('refuses two nodes of one id, wherever they stand', () => {
    const twice = 'Workflow "order" has two nodes with id "triage". Give one of them its own id: .then(Handler, { id: "..." }).';
    expect(refusal(() => ({ workflows: [begin().then(Triage).then(Triage)], providers: [Triage] }))).toBe(twice);
    expect(
      refusal(() => ({
        workflows: [
          begin()
            .when(
              () => true,
              (yes) => yes.then('triage', () => 1),
            ) // prettier-ignore
            .then(Triage),
        ],
        providers: [Triage],
      })),
    ).toBe(twice);
  });

  it('takes a handler twice when each place has its own id', () => {
    hostedWorkflows([moduleOf({ workflows: [begin().then(Triage).then(Triage, { id: 'again' })], providers: [Triage] })]);
  });

  it.each([
    ['the whole graph', () => begin(), 'the graph is empty'],
    ['a branch of a when', () => begin().when(() => true, (yes) => yes), 'the branch "when-1/0" is empty'], // prettier-ignore
    ['an else', () => begin().when(() => true, (yes) => yes.wait('1s')).otherwise((no) => no), 'the branch "when-1/1" is empty'], // prettier-ignore
    ['a branch of a parallel', () => begin().parallel({ a: (flow) => flow.wait('1s'), b: (flow) => flow }), 'the branch "parallel-1/b" is empty'], // prettier-ignore
    ['a parallel without branches', () => begin().parallel({}), 'the node "parallel-1" has no branch'],
    ['a branch deep inside', () => begin().parallel({ a: (flow) => flow.when(() => true, (yes) => yes) }), 'the branch "parallel-1/a/when-1/0" is empty'], // prettier-ignore
  ])('refuses an empty branch: %s', (_name, build, problem) => {
    expect(refusal(() => ({ workflows: [build()] }))).toBe(`Workflow "order": ${problem}. Add a node to it, or leave it out.`);
  });
});

describe('the boot check of handlers', () => {
  it.each([
    ['step', () => begin().then(Triage), 'Triage'],
    ['screen', () => begin().when(() => true, (yes) => yes.screen(Review)), 'Review'], // prettier-ignore
    ['interceptor', () => workflow('order', { version: 1, interceptors: [class Audit { onComplete = () => 1; }] }).then('a', () => 1), 'Audit'], // prettier-ignore
    ['source of an emitter', () => emitter('order', { version: 1, source: Source, processor: 'order' }), 'Source'],
  ])('refuses a %s that no module provides', (_name, build, handler) => {
    expect(refusal(() => ({ workflows: [build()] }))).toBe(
      `Workflow "order" uses ${handler}, but no module provides it. Add ${handler} to the providers of its @WorkflowModule.`,
    );
  });

  it('refuses two handlers of one id, over all modules', () => {
    const sentence =
      'Two handlers have the id "triage": Triage of OrderModule and OtherTriage of OrderModule. Rename one in its decorator.';
    expect(refusal(() => ({ workflows: [], providers: [Triage, OtherTriage] }))).toBe(sentence);
    expect(refusal(() => [{ workflows: [], providers: [Triage] }, { workflows: [], providers: [OtherTriage] }])).toBe(sentence); // prettier-ignore
    hostedWorkflows([moduleOf({ workflows: [], providers: [Triage] }), moduleOf({ workflows: [], providers: [Triage] })]);
  });

  it('refuses a constructor argument whose type is not there at run time', () => {
    @Step({ id: 'file' })
    class File implements StepHandler<string> {
      constructor(
        readonly clerk: Clerk,
        readonly registry: Registry,
      ) {}
      run() {
        return this.registry.file();
      }
    }
    @Step({ id: 'list' })
    class List implements StepHandler<number> {
      constructor(readonly catalog: WorkflowCatalog) {}
      run() {
        return this.catalog.all().length;
      }
    }
    const advice =
      'Its type is not there at run time: import the class as a value, not with "import type"; for an interface name a token with @Inject(TOKEN).';
    expect(refusal(() => ({ workflows: [], providers: [Clerk, File] }))).toBe(
      `File cannot be built: nothing fills its constructor argument 2. ${advice}`,
    );
    expect(refusal(() => ({ workflows: [], providers: [List] }))).toBe(
      `List cannot be built: nothing fills its constructor argument 1. ${advice}`,
    );
    expect(refusal(() => ({ workflows: [], providers: [{ provide: 'lister', useClass: List }] }))).toMatch(/^List cannot be built/);
  });

  it('refuses a constructor argument of a plain type, and a class whose decorator is missing', () => {
    @Injectable()
    class Letters {
      constructor(readonly address: string) {}
    }
    class Undecorated {
      constructor(readonly clerk: Clerk) {}
    }
    expect(refusal(() => ({ workflows: [], providers: [Letters] }))).toBe(
      'Letters cannot be built: nothing fills its constructor argument 1. A String cannot be provided by its type: name a token with @Inject(TOKEN).',
    );
    expect(refusal(() => ({ workflows: [], providers: [Undecorated] }))).toBe(
      'Undecorated cannot be built: nothing fills its constructor argument 1. Mark Undecorated with @Injectable(), so that the types of its arguments are known.',
    );
  });

  it('takes arguments that are named by a token or optional', () => {
    @Injectable()
    class Plain {
      constructor(
        @Inject('address') readonly address: string,
        @Optional() readonly registry: Registry | undefined,
      ) {}
    }
    hostedWorkflows([moduleOf({ workflows: [], providers: [Plain, { provide: 'address', useValue: 'x' }] })]);
  });
});

describe('the boot check of events and processors', () => {
  const Filed = event<{ id: string }>('order.filed');
  const listener = () => workflow<unknown>('follow-up', { version: 1, startOn: [on(Filed, () => ({ input: {} }))] }).then('a', () => 1);

  it.each([
    ['waits for', () => workflow<unknown>('waiting', { version: 1 }).waitForEvent(Filed)],
    ['is canceled by', () => workflow<unknown>('waiting', { version: 1, cancelOn: [cancelBy(Filed, () => ({}))] }).wait('1m')],
  ])('refuses a workflow that %s an event that nobody emits', (_what, build) => {
    expect(refusal(() => ({ workflows: [build()] }))).toContain('Workflow "waiting" listens to event "order.filed", which nobody emits.');
  });

  it('refuses an event that nobody emits', () => {
    expect(refusal(() => ({ workflows: [listener()] }))).toBe(
      'Workflow "follow-up" listens to event "order.filed", which nobody emits. Check the name; list it in the events of the module whose handler emits it; or declare it with event("order.filed", { external: true }).',
    );
  });

  it('takes an event that a graph emits, that a module declares, or that comes from outside', () => {
    hostedWorkflows([moduleOf({ workflows: [listener(), begin().emit(Filed, () => ({ id: '1' }))] })]);
    hostedWorkflows([moduleOf({ workflows: [listener()], events: [Filed] })]);
    const outside = workflow<unknown>('outside', {
      version: 1,
      startOn: [on(event<null>('letter.came', { external: true }), () => ({ input: {} }))],
    });
    hostedWorkflows([moduleOf({ workflows: [outside.then('a', () => 1)] })]);
  });

  it('refuses an emitter whose processor is not hosted', () => {
    const intake = () => emitter('intake', { version: 1, source: Source, processor: 'ordr' });
    expect(refusal(() => ({ workflows: [intake(), begin().then('a', () => 1)], providers: [Source] }))).toBe(
      'Emitter "intake" feeds the workflow "ordr", which is not hosted. Check the name.',
    );
  });
});

describe('what Nest says about a missing provider', () => {
  @Step({ id: 'needs-clerk' })
  class NeedsClerk implements StepHandler<boolean> {
    constructor(readonly clerk: Clerk) {}
    run() {
      return this.clerk instanceof Clerk;
    }
  }

  const boot = async (providers: Type<object>[]): Promise<unknown> => {
    @Module({ providers })
    class App {}
    return Test.createTestingModule({ imports: [App] }).compile();
  };

  it('becomes one sentence with the class, the argument and what to do', async () => {
    const error = await boot([NeedsClerk]).catch(explainBootError);
    expect(error).toBeInstanceOf(StepwellError);
    expect((error as StepwellError).message).toBe(
      'NeedsClerk cannot be built: nothing fills its constructor argument 1 (Clerk). Add Clerk to the providers of the module that provides NeedsClerk.',
    );
    expect((error as StepwellError).cause).toBeInstanceOf(Error);
  });

  it('names a property by its name', async () => {
    @Injectable()
    class ByProperty {
      @Inject('registry') readonly registry!: Registry;
    }
    const error = (await boot([ByProperty]).catch(explainBootError)) as StepwellError;
    expect(error.message).toBe(
      'ByProperty cannot be built: nothing fills its property "registry" (registry). Add registry to the providers of the module that provides ByProperty.',
    );
  });

  it('leaves every other error as it is', () => {
    const error = new Error('the port is taken');
    expect(explainBootError(error)).toBe(error);
  });
});
