/**
 * Who may decide, on every path: one table of (path x person) and what comes of it, by the API of a running server. A mutation of the
 * schema that answers with tasks and is not in `PATHS` fails the build: add its line, and say what becomes of somebody who may not.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { buildSchema, getNamedType, type GraphQLOutputType, isObjectType } from 'graphql';
import { type ApiAnswer, type ApiApp, type ApiUser, startApiApp } from '../server/api-app.js';
import { selectionsOf } from '../tenants/selections.js';
import { DecidingModule } from './deciding.module.js';

interface Task {
  readonly id: string;
  readonly version: number;
}

interface Path {
  /** `$me` is the name of the person whom the task is given to; then it is somebody else who asks. */
  readonly call: string;
  readonly select?: string;
  /** What the task is before: held by the person or by another one, or decided by the person. Default: open. */
  readonly from?: 'held' | 'held-by-another' | 'decided';
  /** What somebody who may not is told in place of the reason: he cannot have come so far. Null: nothing, and gets nothing. */
  readonly instead?: string | null;
  /** It decides nothing, so an operator does it with any task. */
  readonly isAnybodys?: true;
}

const MANY = 'tasks { task { id } errors { code message } } errors { code message }';

const PATHS: Readonly<Record<string, Path>> = {
  claimTask: { call: 'claimTask(id: $id)' },
  claimNextTask: { call: 'claimNextTask(filter: { workflow: $workflow })', instead: null },
  skipTask: { call: 'skipTask(id: $id, reason: "not now")' },
  saveTaskDraft: { call: 'saveTaskDraft(id: $id, expectedDraftVersion: 0, draft: $answer)', from: 'held', instead: 'TASK_NOT_CLAIMED' },
  releaseTask: { call: 'releaseTask(id: $id)', from: 'held', instead: 'TASK_NOT_CLAIMED' },
  completeTask: { call: 'completeTask(id: $id, expectedVersion: $version, answer: $answer)' },
  cancelTask: { call: 'cancelTask(id: $id, expectedVersion: $version)' },
  undoDecision: { call: 'undoDecision(id: $id)', from: 'decided', instead: 'TASK_NOT_CLAIMED' },
  completeTasks: {
    call: 'completeTasks(items: [{ id: $id, expectedVersion: $version }], answer: $answer, idempotencyKey: "a call")',
    select: MANY,
  },
  releaseTasks: {
    call: 'releaseTasks(items: [{ id: $id, expectedVersion: $version }])',
    select: MANY,
    from: 'held',
    instead: 'TASK_NOT_CLAIMED',
  },
  setTaskPriority: { call: 'setTaskPriority(id: $id, expectedVersion: $version, priority: 3)', isAnybodys: true },
  setTaskPriorities: {
    call: 'setTaskPriorities(items: [{ id: $id, expectedVersion: $version }], priority: 4)',
    select: MANY,
    isAnybodys: true,
  },
  reassignTask: { call: 'reassignTask(id: $id, to: { user: $me })' },
  reassignTasks: {
    call: 'reassignTasks(items: [{ id: $id, expectedVersion: $version }], to: { user: $me })',
    select: MANY,
  },
  takeOverTask: { call: 'takeOverTask(id: $id, expectedVersion: $version)', from: 'held-by-another' },
};

const TYPES = { id: 'ID!', version: 'Int!', answer: 'JSON!', workflow: 'String!', me: 'String!' } as const;

/** A person with a session, or a machine with a key. */
interface Who {
  readonly ask: ApiUser['ask'];
  /** By which tasks are given; none of a machine. */
  readonly name?: string;
}

const COMPLETE =
  'mutation ($id: ID!, $version: Int!, $answer: JSON!) { completeTask(id: $id, expectedVersion: $version, answer: $answer) { task { status } errors { code message } } }';

/** What can be asked of a task, and by way of it of its run; and of what people have decided. */
const ABOUT = [
  ['task', 'task(id: $id)', 'query ($id: ID!)'],
  ['teamReport', 'teamReport(period: { zone: "UTC", days: 2 })', 'query'],
] as const;

/** A list tells of a task what the task tells of itself. */
const SEEN = '{ id draft answer reviews { given isDisputed differing shown { by { id } answer } } history { id changes } seals { hash } }';

describe('who may decide', () => {
  let api: ApiApp;
  let [starter, other, third]: (Who & { readonly name: string })[] = [];
  beforeAll(async () => {
    api = await startApiApp({ workflowModules: [DecidingModule] });
    [starter, other, third] = await Promise.all([somebody(), somebody(), somebody()]);
  });
  afterAll(() => api.close());

  const somebody = async (): Promise<Who & { readonly name: string }> => {
    const { ask, displayName } = await api.as('admin');
    return { ask, name: displayName.replace('Person ', '') };
  };
  const keyOf = async (maker: Who): Promise<Who> => {
    const { data } = await maker.ask('mutation { createApiKey(name: "a key", role: operator, expiresInDays: 1) { key } }');
    const authorization = `Bearer ${data.createApiKey.key as string}`;
    return { ask: async (query, variables = {}) => (await api.client().post('/graphql').set({ authorization }).send({ query, variables })).body as ApiAnswer }; // prettier-ignore
  };
  const start = async (who: Who, workflow: string, mark: string) =>
    (await who.ask('mutation ($workflow: String!, $input: JSON) { startRun(workflow: $workflow, input: $input) { run { id } } }', { workflow, input: { mark } }))
      .data.startRun.run.id as string; // prettier-ignore
  const opened = (mark: string, screen: string): Promise<Task> =>
    api.until(async () => {
      const { data } = await third!.ask('{ inbox(first: 100) { edges { node { id version subject screen } } } }');
      return (data.inbox.edges as { node: Task & { subject: string; screen: string } }[])
        .map(({ node }) => node)
        .find((task) => task.subject === mark && task.screen === screen);
    });
  const answer = { verdict: 'approve' };
  const by = async (
    who: Who,
    path: Path,
    task: Task,
    me = '',
  ): Promise<{ readonly codes: readonly string[]; readonly message: string; readonly got: boolean }> => {
    // prettier-ignore
    const values = { ...task, answer, workflow, me };
    const used = (Object.keys(TYPES) as (keyof typeof TYPES)[]).filter((name) => path.call.includes(`$${name}`));
    const head = used.map((name) => `$${name}: ${TYPES[name]}`).join(', ');
    const result = await who.ask(
      `mutation (${head}) { result: ${path.call} { ${path.select ?? 'task { id } errors { code message }'} } }`,
      Object.fromEntries(used.map((name) => [name, values[name]])),
    );
    const { result: payload } = result.data ?? {};
    if (!payload) throw new Error(JSON.stringify(result));
    const parts = [payload, ...(payload.tasks ?? [])];
    const errors = parts.flatMap((part: { errors: { code: string; message: string }[] }) => part.errors);
    return { codes: errors.map(({ code }) => code), message: errors[0]?.message ?? '', got: parts.some((part) => part.task) };
  };
  /** By a link of a message to somebody: of a machine, to who made it. */
  const byLink = async (who: Who, task: Task): Promise<readonly string[]> => {
    const token = randomUUID();
    await api.database.pool.query(
      `INSERT INTO approval_links (tenant, token_hash, task_id, user_id, label, answer, expires_at)
       SELECT tenant, $1, $2, id, 'Approve', $3, now() + interval '1 day' FROM users WHERE name = $4`,
      [createHash('sha256').update(token).digest('base64url'), task.id, JSON.stringify(answer), (who.name ? who : starter)?.name],
    );
    const { data } = await who.ask(
      'mutation ($token: String!, $version: Int!) { decideByLink(token: $token, expectedVersion: $version) { errors { code } } }',
      { token, version: task.version },
    );
    return (data.decideByLink.errors as { code: string }[]).map((error) => error.code);
  };
  let workflow = '';

  it('is asked on every mutation of the schema that answers with a task', () => {
    const mutations = buildSchema(readFileSync('schema.graphql', 'utf8')).getMutationType()?.getFields() ?? {};
    const about = Object.values(mutations).filter(({ type }) => answersWithTask(type));
    expect(about.map(({ name }) => name).sort()).toEqual(Object.keys(PATHS).sort());
  });

  /** Each makes one task, and says who may not decide it, and why. */
  const REFUSED: Readonly<Record<string, { make: (mark: string) => Promise<[Task, Who]>; code: string; says?: string }>> = {
    'who has started the run': {
      make: async (mark) => {
        await start(starter!, (workflow = 'signed'), mark);
        return [await opened(mark, 'sign'), starter!];
      },
      code: 'TASK_OWN_WORK',
      says: 'You started this run',
    },
    'a key of who has started the run': {
      make: async (mark) => {
        await start(starter!, (workflow = 'signed'), mark);
        return [await opened(mark, 'sign'), await keyOf(starter!)];
      },
      code: 'TASK_OWN_WORK',
    },
    'who has made the key that started the run': {
      make: async (mark) => {
        await start(await keyOf(starter!), (workflow = 'signed'), mark);
        return [await opened(mark, 'sign'), starter!];
      },
      code: 'TASK_OWN_WORK',
    },
    'who has started the run whose event started this one': {
      make: async (mark) => {
        await start(starter!, 'claimed', mark);
        workflow = 'signed';
        return [await opened(mark, 'sign'), starter!];
      },
      code: 'TASK_OWN_WORK',
    },
    'who has started the run that this one was forked from': {
      make: async (mark) => {
        const id = await start(starter!, (workflow = 'signed'), mark);
        const { id: task, version } = await opened(mark, 'sign');
        await by(other!, PATHS['cancelTask']!, { id: task, version });
        await api.until(async () => (await other!.ask('query ($id: ID!) { run(id: $id) { status } }', { id })).data.run.status === 'canceled'); // prettier-ignore
        await third!.ask('mutation ($id: ID!) { forkRun(id: $id, reason: "again") { run { id } errors { message } } }', { id });
        return [await opened(mark, 'sign'), starter!];
      },
      code: 'TASK_OWN_WORK',
    },
    'whom the author of the screen refuses': {
      make: async (mark) => {
        await start(third!, (workflow = 'countersigned'), mark);
        await by(starter!, PATHS['completeTask']!, await opened(mark, 'sign'));
        return [await opened(mark, 'countersign'), starter!];
      },
      code: 'TASK_NOT_PERMITTED',
      says: 'You have signed it; somebody else countersigns.',
    },
    'a machine that the author refuses': {
      make: async (mark) => {
        await start(third!, (workflow = 'countersigned'), mark);
        await by(starter!, PATHS['completeTask']!, await opened(mark, 'sign'));
        return [await opened(mark, 'countersign'), await keyOf(third!)];
      },
      code: 'TASK_NOT_PERMITTED',
      says: 'the policy of its screen does not let you',
    },
    'who has given one of the answers': {
      make: async (mark) => {
        await start(third!, (workflow = 'reviewed'), mark);
        await by(starter!, PATHS['completeTask']!, await opened(mark, 'sign'));
        return [await opened(mark, 'sign'), starter!];
      },
      code: 'TASK_REVIEWED',
      says: 'You answered this task already',
    },
    'a key of who has given one of the answers': {
      make: async (mark) => {
        await start(third!, (workflow = 'reviewed'), mark);
        expect(await byLink(starter!, await opened(mark, 'sign'))).toEqual([]);
        return [await opened(mark, 'sign'), await keyOf(starter!)];
      },
      code: 'TASK_REVIEWED',
    },
    'who has given one of the answers by a key': {
      make: async (mark) => {
        await start(third!, (workflow = 'reviewed'), mark);
        await by(await keyOf(starter!), PATHS['completeTask']!, await opened(mark, 'sign'));
        return [await opened(mark, 'sign'), starter!];
      },
      code: 'TASK_REVIEWED',
    },
    'anybody, when the author’s code throws': {
      make: async (mark) => {
        await start(third!, (workflow = 'countersigned'), `broken ${mark}`);
        await by(starter!, PATHS['completeTask']!, await opened(`broken ${mark}`, 'sign'));
        return [await opened(`broken ${mark}`, 'countersign'), other!];
      },
      code: 'TASK_PERMISSION_UNKNOWN',
      says: 'mayDecide threw: no such mark',
    },
  };

  it.each(Object.keys(REFUSED))('is not %s, on no path, and is told why', async (name) => {
    const { make, code, says = '' } = REFUSED[name]!;
    const [task, who] = await make(randomUUID().slice(0, 8));
    const holder = who === other ? third! : other!;
    const { data } = await who.ask('query ($id: ID!) { task(id: $id) { isForOthers refusal { code message } } }', { id: task.id });
    expect(data.task.refusal).toEqual({ code, message: expect.stringContaining(says) });
    // What a list tells by the rows alone: all but what only the author knows.
    expect(data.task.isForOthers).toBe(!['TASK_NOT_PERMITTED', 'TASK_PERMISSION_UNKNOWN'].includes(code));
    expect(await byLink(who, task)).toEqual([who.name === undefined ? 'LINK_FOR_OTHERS' : code]);
    let current = task;
    for (const [mutation, path] of Object.entries(PATHS)) {
      const gives = path.call.includes('$me');
      if (gives && who.name === undefined) continue;
      if (path.from === 'held-by-another') {
        // Nobody may hold what nobody may decide.
        if (code === 'TASK_PERMISSION_UNKNOWN') continue;
        await by(holder, PATHS['claimTask']!, task);
        current = { ...task, version: task.version + 1 };
      }
      const { codes, message, got } = await by(gives ? third! : who, path, current, who.name);
      const expected = path.instead === null || path.isAnybodys ? [] : [path.instead ?? code];
      expect({ mutation, codes, got }).toEqual({ mutation, codes: expected, got: path.isAnybodys ?? false });
      if (expected[0] === code && !gives) expect(message).toContain(says);
    }
    // Nothing of it was changed, and whoever may decides it; of what nobody may, its run is stopped.
    if (code !== 'TASK_PERMISSION_UNKNOWN') expect((await by(holder, PATHS['completeTask']!, current)).codes).toEqual([]);
  });

  it.each(Object.entries(PATHS))('is whoever may, by %s', async (mutation, path) => {
    const mark = randomUUID().slice(0, 8);
    await start(starter!, (workflow = 'signed'), mark);
    let task = await opened(mark, 'sign');
    if (path.from === 'held' || path.from === 'held-by-another') {
      await by(path.from === 'held' ? other! : third!, PATHS['claimTask']!, task);
      task = { ...task, version: task.version + 1 };
    }
    if (path.from === 'decided') await by(other!, PATHS['completeTask']!, task);
    const { codes, got } = await by(path.call.includes('$me') ? third! : other!, path, task, other!.name);
    // Without an undo window a decision stands.
    expect({ mutation, codes, got }).toEqual({
      mutation,
      codes: path.from === 'decided' ? ['UNDO_OVER'] : [],
      got: path.from !== 'decided',
    });
    if (mutation !== 'cancelTask' && path.from !== 'decided')
      await by(other!, { call: 'cancelTask(id: $id, expectedVersion: $version)' }, task);
  });

  it('is whoever answers alike; until then nobody sees an answer, or a draft, but who gave it, wherever the schema leads', async () => {
    const mark = randomUUID().slice(0, 8);
    const run = await start(third!, (workflow = 'reviewed'), mark);
    const { id, version } = await opened(mark, 'sign');
    const complete = async (who: Who, version: number, verdict: string, note: string) =>
      (await who.ask(COMPLETE, { id, version, answer: { verdict, note } })).data.completeTask as { task: { status: string } | null };
    expect((await complete(starter!, version, 'approve', 'secret of the first')).task?.status).toBe('open');
    await by(other!, PATHS['claimTask']!, { id, version: version + 1 });
    await other!.ask('mutation ($id: ID!) { saveTaskDraft(id: $id, expectedDraftVersion: 1, draft: { note: "secret of a draft" }) { errors { code } } }', { id }); // prettier-ignore
    const seen = async (who: Who) => {
      const { schema } = api.app.get(GraphQLSchemaHost);
      const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
      const texts: string[] = [];
      for (const [name, call, head] of ABOUT)
        for (const selection of selectionsOf(schema, getNamedType(fields.find((field) => field.name === name)!.type))) {
          const { data, errors } = await who.ask(`${head} { ${call} ${selection} }`, head === 'query' ? {} : { id });
          if (errors) throw new Error(`${call} ${selection}: ${JSON.stringify(errors)}`);
          texts.push(JSON.stringify(data));
        }
      const { data } = await who.ask(`query ($id: ID!, $run: ID!) { task(id: $id) ${SEEN} run(id: $run) { tasks ${SEEN} } }`, { id, run });
      expect(data.run.tasks).toContainEqual(data.task);
      return ['secret of the first', 'secret of a draft'].filter((secret) => texts.some((text) => text.includes(secret)));
    };
    expect([await seen(third!), await seen(starter!), await seen(other!)]).toEqual([[], ['secret of the first'], ['secret of a draft']]);

    expect((await complete(other!, version + 2, 'refuse', 'no')).task?.status).toBe('open');
    const { data } = await third!.ask(`query ($id: ID!) { task(id: $id) { refusal { code } reviews { isDisputed given differing shown { by { id } answer } } } }`, { id }); // prettier-ignore
    expect(data.task).toEqual({
      refusal: { code: 'TASK_FOR_OTHERS' },
      reviews: {
        ...{ isDisputed: true, given: 2, differing: ['verdict'] },
        shown: [
          { by: expect.anything(), answer: { verdict: 'approve', note: 'secret of the first' } },
          { by: expect.anything(), answer: { verdict: 'refuse', note: 'no' } },
        ],
      },
    });
    await api.database.pool.query(`UPDATE users SET groups = '{judges}' WHERE name = $1`, [third!.name]);
    expect((await complete(third!, version + 3, 'refuse', 'I heard both')).task?.status).toBe('completed');
    expect(await seen(other!)).toEqual(['secret of the first', 'secret of a draft']);
    await api.until(async () => (await other!.ask('query ($id: ID!) { run(id: $id) { status } }', { id: run })).data.run.status === 'completed'); // prettier-ignore
  });

  it('is whoever may, by a link of a message', async () => {
    const mark = randomUUID().slice(0, 8);
    await start(starter!, (workflow = 'signed'), mark);
    expect(await byLink(other!, await opened(mark, 'sign'))).toEqual([]);
  });
});

function answersWithTask(type: GraphQLOutputType, depth = 0): boolean {
  const named = getNamedType(type);
  if (named.name === 'Task') return true;
  if (!isObjectType(named) || depth > 1 || named.name === 'Run') return false;
  return Object.values(named.getFields()).some((field) => answersWithTask(field.type, depth + 1));
}
