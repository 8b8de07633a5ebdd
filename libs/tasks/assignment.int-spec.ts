/** Whose a task is: as its workflow says when it opens, and as people hand it on. On a real database, with a worker that opens the tasks. */
import { randomUUID } from 'node:crypto';
import { type Actor, type Json, RunStatus, type StepwellError } from '@stepwell/contracts';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { pgSql, setAbsence } from '@stepwell/storage';
import { IsOptional } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from '../../test/engine/engine.js';
import { NoFeed } from '../../test/engine/no-feed.js';
import { ScreensOf } from '../../test/tasks/screens-of.js';
import { refusal } from '../../test/tasks/task-desk.js';
import { TaskAssignments } from './task-assignments.js';
import { TaskClaims } from './task-claims.js';
import type { TaskView } from './task-view.js';
import { TaskService } from './task.service.js';
import type { SeenTask } from './transitions/each-by-itself.js';

class Answer {
  @IsOptional()
  note?: string;
}

@Screen({ id: 'check', title: 'Check the claim' })
class Check implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

interface Claim {
  readonly to?: string;
  readonly groups?: readonly string[];
  readonly total?: number;
  /** A long one: no worker remembers the run, and its journal can be changed behind its back. */
  readonly letter?: string;
}

const claim = workflow<Claim>('claim', { version: 1 }).screen(Check, {
  assignee: ({ input }) => input.to ?? null,
  candidateGroups: ({ input }) => input.groups ?? [],
  priority: ({ input }) => (input.total ?? 0) / 1_000,
  followUp: '2d',
});

const theirOwn = workflow<Claim>('their-own', { version: 1 }).screen(Check, {
  candidateUsers: ['bob'],
  ownWork: 'refused',
  escalate: [{ after: '1m', assign: { assignee: 'ada' } }],
});

const toStarters = workflow<Claim>('to-starters', { version: 1 }).screen(Check, {
  candidateUsers: ['bob'],
  ownWork: 'refused',
  escalate: [{ after: '1m', assign: { candidateUsers: ['ada'] } }],
});

const anybody = workflow<Claim>('anybody', { version: 1 }).screen(Check);

describe('a task that names people', () => {
  const [ada, bob, cy] = ['ada', 'bob', 'cy'].map((name): Actor => ({ id: randomUUID(), name, kind: 'user' })) as [Actor, Actor, Actor];
  const key: Actor = { id: randomUUID(), name: 'a key', kind: 'api-key' };
  let engine: Engine;
  let tasks: TaskService;
  let assignments: TaskAssignments;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [claim, theirOwn, toStarters, anybody], providers: [Check] });
    tasks = new TaskService(engine.pool, new ScreensOf(Answer), engine.hints, new NoFeed());
    assignments = new TaskAssignments(engine.pool, new ScreensOf(Answer), new NoFeed());
    for (const [{ id, name }, groups] of [
      [ada, []],
      [bob, ['claims']],
      [cy, ['other']],
    ] as const)
      await engine.query(
        `INSERT INTO users (tenant, id, name, display_name, role, password_hash, groups) VALUES ($1, $2, $3, $3, 'reviewer', '!', $4)`,
        [TENANT, id, name, groups],
      );
  });
  afterAll(() => engine.close());

  const open = async (input: Claim): Promise<TaskView> => {
    const runId = await engine.start((input.to ?? input.groups) ? 'claim' : 'anybody', input);
    await engine.waitFor(runId, RunStatus.waiting);
    const [task] = (await tasks.ofRuns(TENANT, [runId])).get(runId) ?? [];
    if (!task) throw new Error('No task was opened.');
    return now(task);
  };
  const by = ({ id }: { readonly id: string }, actor: Actor) => ({ tenant: TENANT, id, actor });
  const close = (task: TaskView, actor: Actor = ada) => tasks.complete({ ...by(task, actor), expectedVersion: task.version, answer: {} });
  const now = async ({ id }: { readonly id: string }): Promise<TaskView> => (await tasks.get(TENANT, id)) as TaskView;
  const lastOf = async ({ id }: TaskView): Promise<Json> => {
    const { kind, actor, details } = (await tasks.history(TENANT, [id])).get(id)?.at(-1) ?? {};
    return [kind ?? null, actor?.name ?? null, details ?? null];
  };
  const inbox = async (viewer: Actor, filter: object) =>
    (await tasks.inbox(TENANT, { first: 10, viewer, filter })).edges.map(({ node }) => node.id);

  it('has whom its workflow says, its priority and its follow-up date, as functions of the run', async () => {
    const task = await open({ to: 'ada', groups: ['claims'], total: 3_000 });
    expect(task).toMatchObject({ assignee: 'ada', assignedFor: null, candidateUsers: [], candidateGroups: ['claims'], priority: 3 });
    expect(Date.parse(task.followUpAt ?? '') - Date.parse(task.openedAt)).toBeGreaterThan(47 * 3_600_000);
    expect(await lastOf(task)).toEqual(['opened', null, { to: 'ada' }]);
    await close(task);
    const wrong = await engine.start('claim', { to: 'ada', total: 1 });
    expect(await engine.waitFor(wrong, RunStatus.failed)).toMatchObject({ error_message: expect.stringContaining('priority is 0.001') });
  });

  const paths: [string, (task: TaskView, actor: Actor) => Promise<unknown>][] = [
    ['claimed', (task, actor) => tasks.claim(by(task, actor))],
    ['decided without a claim', (task, actor) => close(task, actor)],
    ['canceled', (task, actor) => tasks.cancel({ ...by(task, actor), expectedVersion: task.version, reason: null })],
    ['handed on', (task, actor) => assignments.reassign(task.id, { tenant: TENANT, actor, to: { user: 'ada' }, mayReassign: false })],
  ];
  it.each(paths)('is %s by its assignee and its candidates, and by nobody else, a key no more than a person', async (_, take) => {
    for (const [input, mine, others] of [
      [{ to: 'ada' }, [ada], [bob, cy, key]],
      [{ to: 'ada', groups: ['claims'] }, [ada, bob], [cy, key]],
      [{ groups: ['claims', 'more'] }, [bob], [ada, cy, key]],
      [{}, [cy, key], []],
    ] as [Claim, Actor[], Actor[]][]) {
      const task = await open(input);
      const whom = [input.to ?? [], input.groups?.map((group) => `the group ${group}`) ?? []].flat().join(', ');
      for (const actor of others)
        expect(await refusal(take(task, actor))).toMatchObject({ code: 'TASK_FOR_OTHERS', message: `This task is for others: ${whom}.` });
      expect(await now(task)).toEqual(task);
      for (const actor of mine) {
        const again = await open(input);
        await take(again, actor);
        const after = await now(again);
        expect(after.version).toBeGreaterThan(again.version);
        if (after.endedAt === null) await engine.query(`UPDATE tasks SET status = 'canceled' WHERE id = $1`, [again.id]);
      }
      await engine.query(`UPDATE tasks SET status = 'canceled' WHERE id = $1`, [task.id]);
    }
  });

  it('is offered as the next one to whom it is for, and not to candidates while somebody is assigned', async () => {
    const [hers, groups, both] = [
      await open({ to: 'ada' }),
      await open({ groups: ['claims'] }),
      await open({ to: 'ada', groups: ['claims'] }),
    ];
    const first = await open({});
    const next = await tasks.complete({ ...by(first, bob), expectedVersion: first.version, answer: {}, claimNext: true });
    expect(next.nextTask?.id).toBe(groups.id);
    const last = await tasks.complete({ ...by(groups, bob), expectedVersion: 2, answer: {}, claimNext: true });
    expect(last.nextTask).toBeNull();
    expect(await inbox(ada, { mine: true })).toEqual([hers.id, both.id]);
    expect(await inbox(bob, { mine: true })).toEqual([]);
    const alsoEnded = { mine: true, status: ['open', 'completed'] };
    expect((await inbox(ada, alsoEnded)).slice(0, 2)).toEqual([both.id, hers.id]);
    expect(await inbox(bob, alsoEnded)).not.toContain(both.id);
    const other = await open({ groups: ['claims'] });
    expect(await inbox(bob, { myGroups: true })).toEqual([other.id]);
    expect(await inbox(cy, { myGroups: true })).toEqual([]);
    for (const task of [hers, both]) await close(task);
    await close(other, bob);
  });

  it('is handed on with a note; who held it holds it no longer, the draft stays, and an older version decides nothing', async () => {
    const task = await open({ to: 'ada', groups: ['claims'] });
    const held = await tasks.claim(by(task, ada));
    await tasks.saveDraft({ ...by(task, ada), expectedDraftVersion: 0, draft: { half: true } });
    const give = (actor: Actor, to: object, note?: string) =>
      assignments.reassign(task.id, { tenant: TENANT, actor, to, note, mayReassign: false });
    expect(await refusal(give(bob, { user: 'bob' }))).toMatchObject({ code: 'TASK_CLAIMED' });
    const given = await give(ada, { user: 'cy' }, 'You know this airport.');
    expect(given).toMatchObject({ status: 'open', assignee: 'cy', claimedBy: null, draft: { half: true }, version: held.version + 1 });
    expect(await lastOf(task)).toEqual([
      'delegated',
      'ada',
      { from: 'ada', fromGroups: ['claims'], to: 'cy', note: 'You know this airport.' },
    ]);
    expect(await refusal(close(held))).toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await refusal(give(ada, { user: 'ada' }))).toMatchObject({ code: 'TASK_FOR_OTHERS' });
    expect(await refusal(give(cy, { user: 'nobody' }))).toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'to.user' }] });
    for (const to of [{}, { user: 'ada', groups: ['x'] }, { groups: [] }, { groups: [' '] }])
      expect(await refusal(give(cy, to))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal(give(cy, { groups: ['claims', 'clams'] }))).toMatchObject({
      code: 'INPUT_INVALID',
      fields: [{ path: 'to.groups', message: 'Nobody here is in the group "clams".' }],
    });
    expect(await give(cy, { groups: ['claims'] })).toMatchObject({ assignee: null, candidateGroups: ['claims'] });
    await close(await now(task), bob);
  });

  it('is not kept by who has left its group: no draft, no skip of another, and a decision taken back leaves it open', async () => {
    const claims = new TaskClaims(engine.pool, new ScreensOf(Answer), new NoFeed());
    const groupsOf = (groups: readonly string[]) => engine.query(`UPDATE users SET groups = $2 WHERE id = $1`, [bob.id, groups]);
    const [held, decided] = [await open({ groups: ['claims'] }), await open({ groups: ['claims'] })];
    await tasks.claim(by(held, bob));
    await engine.query(`UPDATE tasks SET undo_ms = 600000 WHERE id = $1`, [decided.id]);
    await close(decided, bob);
    await groupsOf(['other']);
    const draft = tasks.saveDraft({ ...by(held, bob), expectedDraftVersion: 0, draft: {} });
    expect(await refusal(draft)).toMatchObject({ code: 'TASK_FOR_OTHERS' });
    expect(await tasks.undo(by(decided, bob))).toMatchObject({ status: 'open', claimedBy: null, draft: {} });
    await engine.query(`UPDATE tasks SET claimed_until = clock_timestamp() WHERE id = $1`, [held.id]);
    const before = await now(held);
    expect(await refusal(claims.skip({ ...by(held, cy), reason: 'later' }))).toMatchObject({ code: 'TASK_FOR_OTHERS' });
    expect(await now(held)).toEqual(before);
    expect(await claims.skip({ ...by(held, bob), reason: 'not mine' })).toMatchObject({ task: { status: 'open' } });
    await groupsOf(['claims']);
    for (const task of [held, decided]) await close(await now(task), bob);
  });

  it('goes to the substitute of who is away, over several hops, and says for whom', async () => {
    const away = (name: string, substitute: string, until = Date.now() + 60_000) =>
      setAbsence(pgSql(engine.pool), TENANT, name, { from: new Date(0), until: new Date(until), substitute });
    await away('ada', 'bob');
    await away('bob', 'cy');
    const task = await open({ to: 'ada' });
    expect(task).toMatchObject({ assignee: 'cy', assignedFor: 'ada' });
    expect(await lastOf(task)).toEqual(['opened', null, { to: 'cy', for: 'ada' }]);
    await away('bob', 'cy', 1);
    const given = await assignments.reassign(task.id, { tenant: TENANT, actor: cy, to: { user: 'ada' }, mayReassign: false });
    expect(given).toMatchObject({ assignee: 'bob', assignedFor: 'ada' });
    await setAbsence(pgSql(engine.pool), TENANT, 'ada', null);
    expect((await open({ to: 'ada' })).assignee).toBe('ada');
    await close(given, bob);
  });

  it('stays whose it was, or is the group’s, when those who stand in for each other are all away; its history says so', async () => {
    const away = (name: string, substitute: string | null) =>
      setAbsence(
        pgSql(engine.pool),
        TENANT,
        name,
        substitute === null ? null : { from: new Date(0), until: new Date(Date.now() + 60_000), substitute },
      );
    await away('ada', 'bob');
    await away('bob', 'ada');
    const own = await open({ to: 'ada' });
    expect(own).toMatchObject({ assignee: 'ada', assignedFor: null });
    expect(await lastOf(own)).toEqual(['opened', null, { to: 'ada', isNobodyThere: true }]);
    const ofGroup = await open({ to: 'bob', groups: ['other'] });
    expect(ofGroup).toMatchObject({ assignee: null, assignedFor: 'bob' });
    expect(await lastOf(ofGroup)).toEqual(['opened', null, { for: 'bob', isNobodyThere: true }]);
    await tasks.claim(by(ofGroup, cy));
    const given = await assignments.reassign(ofGroup.id, { tenant: TENANT, actor: cy, to: { user: 'bob' }, mayReassign: false });
    expect(given).toMatchObject({ assignee: 'bob', assignedFor: null });
    expect(await lastOf(given)).toEqual(['delegated', expect.anything(), expect.objectContaining({ to: 'bob', isNobodyThere: true })]);
    // A longer round has somebody who is there.
    await away('bob', 'cy');
    expect(await open({ to: 'ada' })).toMatchObject({ assignee: 'cy', assignedFor: 'ada' });
    for (const name of ['ada', 'bob']) await away(name, null);
    for (const [task, who] of [
      [own, ada],
      [given, bob],
    ] as const)
      await close(await now(task), who);
  });

  /** Of a run that ada has started, when its escalation has come. */
  const escalated = async (name: string) => {
    const runId = await engine.start(name, { letter: 'Dear all, '.repeat(2_000) }, { actor: ada });
    await engine.waitFor(runId, RunStatus.waiting);
    await engine.query(`UPDATE journal SET payload = jsonb_set(payload, '{dueAt}', '1') WHERE run_id = $1 AND type = 'task.opened'`, [
      runId,
    ]);
    await engine.query('UPDATE runs SET due_at = clock_timestamp() WHERE id = $1', [runId]);
    engine.hints.wake(['default']);
    const [{ id } = { id: '' }] = (await tasks.ofRuns(TENANT, [runId])).get(runId) ?? [];
    const history = await until(
      async () => (await tasks.history(TENANT, [id])).get(id) ?? [],
      ({ length }) => length > 1,
      'the escalation',
    );
    return { task: await tasks.get(TENANT, id), history };
  };

  it('stays whose it is when an escalation would give it to somebody alone who may not decide it', async () => {
    const { task, history } = await escalated('their-own');
    expect(history.map(({ kind }) => kind)).toEqual(['opened', 'escalated']);
    expect(task).toMatchObject({ status: 'open', assignee: null, candidateUsers: ['bob'] });
    expect(history[1]?.details).toEqual({ step: 1, names: [], reason: 'ada may not decide it.' });
  });

  it('says so when an escalation, or whoever reassigns it, leaves it to nobody who may decide it', async () => {
    const { task, history } = await escalated('to-starters');
    expect(history.map(({ kind, details }) => [kind, details])).toEqual([
      ['opened', null],
      ['reassigned', { step: 1, toUsers: ['ada'], isNobodyLeft: true }],
    ]);
    const id = task?.id ?? '';
    expect(await tasks.leftToNobody(TENANT, [id])).toEqual(new Set([id]));
    const to = (groups: readonly string[]) => assignments.reassign(id, { tenant: TENANT, actor: cy, to: { groups }, mayReassign: true });
    await engine.query(`UPDATE users SET groups = '{starters}' WHERE name = 'ada'`);
    await to(['starters']);
    expect(await lastOf({ id } as TaskView)).toMatchObject(['reassigned', 'cy', { toGroups: ['starters'], isNobodyLeft: true }]);
    await to(['starters', 'claims']);
    expect(await lastOf({ id } as TaskView)).toEqual(['reassigned', 'cy', { fromGroups: ['starters'], toGroups: ['starters', 'claims'] }]);
    expect(await tasks.leftToNobody(TENANT, [id])).toEqual(new Set());
  });

  it('is reassigned in bulk, each by itself and as it was seen; none named are no tasks', async () => {
    const [one, two, done, changed] = [await open({ to: 'ada' }), await open({}), await open({}), await open({})];
    const held = await tasks.claim(by(two, cy));
    await close(done);
    await tasks.claim(by(changed, ada));
    const at = ({ id, version }: Pick<TaskView, 'id' | 'version'>) => ({ id, expectedVersion: version });
    const many = (items: readonly SeenTask[], user = 'bob') =>
      assignments.reassignMany(items, { tenant: TENANT, actor: cy, to: { user }, note: null, mayReassign: true });
    const missing = randomUUID();
    const nowhere = [missing, 'no id'].map((id) => ({ id, expectedVersion: 1 }));
    const outcomes = await many([at(one), at(done), at(held), at(changed), ...nowhere, at(one)]);
    expect(outcomes.map(({ id, task, error }) => [id, task?.assignee ?? (error as StepwellError | null)?.code])).toEqual([
      [one.id, 'bob'],
      [done.id, 'TASK_CLOSED'],
      [two.id, 'bob'],
      [changed.id, 'VERSION_CONFLICT'],
      [missing, 'TASK_NOT_FOUND'],
      ['no id', 'TASK_NOT_FOUND'],
    ]);
    expect(await many([])).toEqual([]);
    expect(await refusal(many([at(one)], 'nobody'))).toMatchObject({ code: 'INPUT_INVALID' });
    expect((await now(one)).assignee).toBe('bob');
    expect(await now(changed)).toMatchObject({ assignee: null, claimedBy: ada });
  });
});
