/**
 * Whom the kit lets decide, in both of its stores, is whom a server lets: one table of (task x person), of which a server is asked by its
 * statements, over the rows of the kit's own PostgreSQL and a table of the same people.
 */
import { randomUUID } from 'node:crypto';
import { GraphScreenProvider } from '@stepwell/runtime';
import { type Decider, type DecidingContext, event, on, Screen, type ScreenHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { TaskPermissions } from '@stepwell/tasks';
import { IsIn } from 'class-validator';
import pg from 'pg';
import { type Answerer, testKit, type TestKit } from './index.js';

class Verdict {
  @IsIn(['pay', 'stop'])
  verdict!: 'pay' | 'stop';
}

@Screen({ id: 'sign', title: 'Sign' })
class Sign implements ScreenHandler<null, Verdict> {
  readonly answer = Verdict;
  props = () => null;
}

@Screen({ id: 'countersign', title: 'Countersign' })
class Countersign implements ScreenHandler<null, Verdict> {
  readonly answer = Verdict;
  props = () => null;
  mayDecide({ id, groups, hasStarted }: Decider, { decisions }: DecidingContext<unknown, null>) {
    if (hasStarted) return 'You have ordered it.';
    const [first, last] = [decisions[0], decisions.at(-1)];
    if (last?.by?.id === id) return `You have signed it last, behind ${first?.node}.`;
    return groups.includes('treasury') || first?.by?.id === id;
  }
}

const Ordered = event<object>('order.placed');
const own = { ownWork: 'refused' } as const;
const flows = {
  open: workflow<unknown>('open', { version: 1 }).screen(Sign),
  assigned: workflow<unknown>('assigned', { version: 1 }).screen(Sign, { assignee: 'ann' }),
  named: workflow<unknown>('named', { version: 1 }).screen(Sign, { candidateUsers: ['ann', 'sam'] }),
  grouped: workflow<unknown>('grouped', { version: 1 }).screen(Sign, { candidateGroups: ['treasury', 'board'] }),
  both: workflow<unknown>('both', { version: 1 }).screen(Sign, { assignee: 'ann', candidateGroups: ['treasury'] }),
  own: workflow<unknown>('own', { version: 1 }).screen(Sign, own),
  ownAndNamed: workflow<unknown>('own-and-named', { version: 1 }).screen(Sign, { ...own, candidateUsers: ['sam', 'ann'] }),
  ordering: workflow<unknown>('ordering', { version: 1 }).emit(Ordered, () => ({})),
  ordered: workflow<object>('ordered', { version: 1, startOn: [on(Ordered, () => ({ input: {} }))] }).screen(Sign, own),
  reviewed: workflow<unknown>('reviewed', { version: 1 }).screen(Sign, { reviews: { required: 2 } }),
  oneAsked: workflow<unknown>('one-asked', { version: 1 }).screen(Sign, {
    candidateUsers: ['ann', 'sam', 'olga'],
    reviews: { required: 2 },
  }),
  disputed: workflow<unknown>('disputed', { version: 1 }).screen(Sign, { reviews: { required: 2, of: 2, settledBy: ['treasury'] } }),
  authored: workflow<unknown>('authored', { version: 1 })
    .parallel({ first: (flow) => flow.screen(Sign, { id: 'one' }), second: (flow) => flow.screen(Sign, { id: 'two' }) })
    .screen(Countersign),
};
const parent = workflow<unknown>('parent', { version: 1 }).subWorkflow(flows.own, () => ({}));

@WorkflowModule({ workflows: [...Object.values(flows), parent], providers: [Sign, Countersign] })
class WhoMayModule {}

const person = (name: string, ...groups: string[]): Answerer => ({ id: randomUUID(), name, kind: 'user', groups });
const PEOPLE = { sam: person('sam'), ann: person('ann'), gil: person('gil', 'treasury'), olga: person('olga') };
type Name = keyof typeof PEOPLE;
const pay = { verdict: 'pay' };
const stop = { verdict: 'stop' };

const OTHERS = 'TASK_FOR_OTHERS';
const OWN = 'TASK_OWN_WORK';
const REVIEWED = 'TASK_REVIEWED';
const NO = 'TASK_NOT_PERMITTED';

/** What each makes, and what comes of a decision of each person: a code, or nothing when it is taken. The one who starts it is Sam. */
const CASES: Readonly<Record<string, { make: (t: TestKit) => Promise<unknown>; refused: Partial<Record<Name, string>> }>> = {
  'nobody in particular': { make: (t) => start(t, 'open'), refused: {} },
  'one person': { make: (t) => start(t, 'assigned'), refused: { sam: OTHERS, gil: OTHERS, olga: OTHERS } },
  'candidates by name': { make: (t) => start(t, 'named'), refused: { gil: OTHERS, olga: OTHERS } },
  'candidates by group': { make: (t) => start(t, 'grouped'), refused: { sam: OTHERS, ann: OTHERS, olga: OTHERS } },
  'one person, with a group beside': { make: (t) => start(t, 'both'), refused: { sam: OTHERS, olga: OTHERS } },
  'others than who started it': { make: (t) => start(t, 'own'), refused: { sam: OWN } },
  'candidates but for who started it': { make: (t) => start(t, 'ownAndNamed'), refused: { sam: OWN, gil: OTHERS, olga: OTHERS } },
  'others than who started the run whose event started it': { make: (t) => start(t, 'ordering'), refused: { sam: OWN } },
  'others than who started its parent': { make: (t) => t.start(parent, {}, { actor: actorOf('sam') }), refused: { sam: OWN } },
  'whoever has not answered it': {
    make: async (t) => {
      await start(t, 'reviewed');
      await t.answer(Sign, pay, PEOPLE.ann);
    },
    refused: { ann: REVIEWED },
  },
  'candidates who have not answered it': {
    make: async (t) => {
      await start(t, 'oneAsked');
      await t.answer(Sign, pay, PEOPLE.ann);
    },
    refused: { ann: REVIEWED, gil: OTHERS },
  },
  'those who settle a dispute': {
    make: async (t) => {
      await start(t, 'disputed');
      await t.answer(Sign, pay, PEOPLE.ann);
      await t.answer(Sign, stop, PEOPLE.olga);
    },
    refused: { sam: OTHERS, ann: REVIEWED, olga: REVIEWED },
  },
  'whom its author lets, who knows who has decided before, and in which order': {
    make: async (t) => {
      await start(t, 'authored');
      const [one, two] = await t.openTasks();
      await t.answer(two ?? '', pay, PEOPLE.ann);
      await t.advance('1m');
      await t.answer(one ?? '', pay, PEOPLE.gil);
    },
    refused: { sam: NO, gil: NO, olga: NO },
  },
};

function actorOf(name: Name) {
  const { groups: _, ...actor } = PEOPLE[name];
  return actor;
}

function start(t: TestKit, flow: keyof typeof flows) {
  return t.start(flows[flow] as never, {} as never, { actor: actorOf('sam') });
}

describe.each(['memory', 'postgres'] as const)('in %s a task is decided', (store) => {
  let t: TestKit;
  let server: ((task: string, name: Name) => Promise<string | undefined>) | undefined;
  let pool: pg.Pool | undefined;
  beforeAll(async () => {
    t = await testKit({ workflows: [WhoMayModule], store });
    const url = (t.dataSource?.options as { readonly url?: string } | undefined)?.url;
    if (url === undefined) return;
    const asked = (pool = new pg.Pool({ connectionString: url }));
    for (const { id, name, groups } of Object.values(PEOPLE))
      await asked.query(`INSERT INTO users (tenant, id, name, display_name, role, password_hash, groups) VALUES ('default', $1, $2, $2, 'reviewer', '!', $3)`, [id, name, groups]); // prettier-ignore
    const permissions = new TaskPermissions(asked, new GraphScreenProvider(t['catalog'], t['handlers']));
    server = async (task, name) => (await permissions.refusal('default', task, actorOf(name)))?.code;
  });
  afterAll(async () => {
    await pool?.end();
    await t.close();
  });

  it.each(Object.keys(CASES).flatMap((whom) => (Object.keys(PEOPLE) as Name[]).map((name) => [whom, name] as const)))(
    'by %s: %s',
    async (whom, name) => {
      const { make, refused } = CASES[whom]!;
      await make(t);
      const [task, ...others] = await t.openTasks();
      expect(others).toEqual([]);
      if (server) expect(await server(task!.id, name)).toBe(refused[name]);
      const said = await t.answer(task!, pay, PEOPLE[name]).then(
        () => undefined,
        (error: { readonly code: string }) => error.code,
      );
      expect(said).toBe(refused[name]);
      // Whom it named stays to be read, and it goes to whoever may.
      const after = (await t.tasks()).find(({ id }) => id === task!.id);
      if (!task!.reviews) expect(after?.assignment).toEqual(task!.assignment);
      const [left] = await t.openTasks();
      if (left) await t.cancel(left.runId);
    },
  );

  it('in the order in which others were, also at one instant', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      await start(t, 'authored');
      const both = await t.openTasks();
      await t.answer(both[order[0]]!, pay, PEOPLE.ann);
      await t.answer(both[order[1]]!, pay, PEOPLE.gil);
      await expect(t.answer(Countersign, pay, PEOPLE.gil)).rejects.toMatchObject({
        message: expect.stringContaining('You have signed it last'),
      });
      await t.answer(Countersign, pay, PEOPLE.ann);
    }
  });

  it('by whom it is for before anybody looks at the answer', async () => {
    const run = await start(t, 'assigned');
    await expect(t.answer(Sign, { verdict: 'maybe' }, PEOPLE.gil)).rejects.toMatchObject({
      code: OTHERS,
      message: 'This task is for others: ann.',
    });
    await expect(t.answer(Sign, { verdict: 'maybe' }, PEOPLE.ann)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    await t.answer(Sign, pay, PEOPLE.ann);
    expect(await run.status()).toBe('completed');
  });
});
