/** Sessions over GraphQL: runs that belong together, what they share, and their end. */
import { type StepContext, workflow, WorkflowModule } from '@stepwell/sdk';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const counting = workflow<unknown>('counting', { version: 1 }).then(
  'count',
  async (ctx: StepContext) => {
    await ctx.session?.update<{ count: number }>(({ count }) => ({ count: count + 1 }));
    if (ctx.attempt === 1) throw new Error('after it was counted');
    return (await ctx.session?.get())?.data ?? 'alone';
  },
  { retry: { attempts: 2, backoff: '1ms' } },
);
const waiting = workflow<unknown>('waiting', { version: 1 }).wait('1h');

@WorkflowModule({ workflows: [counting, waiting] })
class CountModule {}

describe('sessions', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp({ workflowModules: [CountModule] });
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const say = async (mutation: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await operator.ask(mutation, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return Object.values(data as Record<string, never>)[0] as never as { session: never; run: { id: string } | null; errors: { code: string }[] } & Record<string, unknown>; // prettier-ignore
  };
  const open = (name: string, more: { data?: unknown; ttl?: string } = {}) =>
    say('mutation ($name: String!, $data: JSON, $ttl: String) { openSession(name: $name, data: $data, ttl: $ttl) { session { name state data version expiresAt createdBy { id } } errors { code } } }', { name, ...more }); // prettier-ignore
  const start = (flow: string, session: string | null, key?: string) =>
    say('mutation ($flow: String!, $session: String, $key: String) { startRun(workflow: $flow, session: $session, idempotencyKey: $key) { run { id session } errors { code message } } }', { flow, session, key }); // prettier-ignore
  const look = async (name: string) => (await operator.ask('query ($name: String!) { session(name: $name) { state data version } }', { name })).data.session; // prettier-ignore
  const runsOf = async (session: string, fields = 'id') =>
    (await operator.ask(`query ($s: String) { runs(first: 50, filter: { session: $s }) { totalCount edges { node { ${fields} } } } }`, { s: session })).data.runs; // prettier-ignore
  const ended = (id: string) => api.until(async () => ['completed', 'canceled'].includes((await operator.ask('query ($id: ID!) { run(id: $id) { status } }', { id })).data.run.status)); // prettier-ignore

  it('share data that each run changes by what it was, once, however often its step is entered', async () => {
    expect(await open('shop', { data: { count: 0 } })).toMatchObject({ session: { state: 'active', version: 1, createdBy: { id: operator.id } }, errors: [] }); // prettier-ignore
    expect((await open('shop')).errors).toEqual([{ code: 'SESSION_EXISTS' }]);
    expect((await open('a shop')).errors).toEqual([{ code: 'INPUT_INVALID' }]);
    const started = await Promise.all(Array.from({ length: 8 }, () => start('counting', 'shop')));
    for (const { run } of started) await ended(run?.id ?? '');
    expect(await look('shop')).toEqual({ state: 'active', data: { count: 8 }, version: 9 });
    const { totalCount, edges } = await runsOf('shop', 'id session');
    expect([totalCount, edges[0].node.session]).toEqual([8, 'shop']);
    const alone = await start('counting', null);
    await ended(alone.run?.id ?? '');
    expect((await operator.ask('query ($id: ID!) { run(id: $id) { output session } }', { id: alone.run?.id })).data.run).toEqual({ output: 'alone', session: null }); // prettier-ignore
    expect((await start('counting', 'nowhere')).errors).toMatchObject([{ code: 'SESSION_NOT_FOUND' }]);
  });

  it('take no new run while they are paused, expired or completed, but tell of one that was started before', async () => {
    await open('gate');
    const first = await start('waiting', 'gate', 'k1');
    const set = (what: string) => say(`mutation { ${what}Session(name: "gate") { session { state } errors { code } } }`);
    expect(await set('pause')).toMatchObject({ session: { state: 'paused' } });
    expect((await start('waiting', 'gate')).errors).toEqual([{ code: 'SESSION_CLOSED', message: 'Session "gate" is paused; it takes no new run.' }]); // prettier-ignore
    expect((await start('waiting', 'gate', 'k1')).run?.id).toBe(first.run?.id);
    expect(await set('resume')).toMatchObject({ session: { state: 'active' } });
    expect((await start('waiting', 'gate')).errors).toEqual([]);
    expect((await open('endless', { ttl: 'intake' })).errors).toMatchObject([{ code: 'INPUT_INVALID' }]);
    for (const what of ['pauseSession(name: $name)', 'resumeSession(name: $name)', 'completeSession(name: $name, cancelRuns: true)'])
      expect((await say(`mutation ($name: String!) { ${what} { errors { code } } }`, { name: 'a\0b' })).errors).toEqual([
        { code: 'SESSION_NOT_FOUND' },
      ]);
    await open('short', { ttl: '1ms' });
    await api.until(async () => (await look('short')).state === 'expired');
    expect((await start('waiting', 'short')).errors).toMatchObject([{ code: 'SESSION_CLOSED' }]);
  });

  it('are completed for good, with all their runs canceled in one call, whatever starts beside', async () => {
    await open('all');
    const before = await Promise.all([start('waiting', 'all'), start('waiting', 'all'), start('waiting', 'all')]);
    await api.until(async () =>
      (await runsOf('all', 'status')).edges.every(({ node }: { node: { status: string } }) => node.status === 'waiting'),
    );
    const complete = () => say('mutation { completeSession(name: "all", cancelRuns: true, reason: "done") { session { state } canceledRuns errors { code } } }'); // prettier-ignore
    const [done, ...beside] = await Promise.all([complete(), ...Array.from({ length: 5 }, () => start('waiting', 'all'))]);
    expect(done).toMatchObject({ session: { state: 'completed' }, errors: [] });
    // All of them: what is asked to cancel and has not ended yet is asked again.
    for (const { run } of [...before, ...beside]) if (run) await ended(run.id);
    expect(await complete()).toMatchObject({ canceledRuns: 0, errors: [] });
    expect(new Set((await runsOf('all', 'status')).edges.map(({ node }: { node: { status: string } }) => node.status))).toEqual(new Set(['canceled'])); // prettier-ignore
    for (const what of ['retryRun', 'forkRun'])
      expect((await say(`mutation ($id: ID!) { ${what}(id: $id) { run { id } errors { code } } }`, { id: before[0]?.run?.id })).errors).toEqual([{ code: 'SESSION_CLOSED' }]); // prettier-ignore
    expect((await say('mutation { resumeSession(name: "all") { session { state } errors { code } } }')).errors).toEqual([{ code: 'SESSION_CLOSED' }]); // prettier-ignore
    const list = async (after: string | null) => (await operator.ask('query ($after: String) { sessions(first: 2, after: $after) { edges { cursor node { name } } pageInfo { hasNextPage } } }', { after })).data.sessions; // prettier-ignore
    const page = await list(null);
    expect(page.edges.map(({ node }: { node: { name: string } }) => node.name)).toEqual(['all', 'short']);
    expect((await list(page.edges[1].cursor)).edges.map(({ node }: { node: { name: string } }) => node.name)).toEqual(['gate', 'shop']);
    const found = async (filter: object) => (await operator.ask('query ($filter: SessionFilter) { sessions(first: 9, filter: $filter) { edges { node { name runs { total live } } } } }', { filter })).data.sessions.edges.map(({ node }: { node: unknown }) => node); // prettier-ignore
    const [gate, shop] = [
      { name: 'gate', runs: { total: 2, live: 2 } },
      { name: 'shop', runs: { total: 8, live: 0 } },
    ];
    expect(await found({ state: 'active' })).toEqual([gate, shop]);
    expect(await found({ state: 'expired' })).toMatchObject([{ name: 'short' }]);
    expect(await found({ search: 'SH' })).toMatchObject([{ name: 'short' }, shop]);
    expect(await found({ search: 'sh', state: 'completed' })).toEqual([]);
  });
});
