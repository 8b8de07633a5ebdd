import type { Actor } from '@stepwell/contracts';
import type pg from 'pg';
import { person, refusal, type SeededTask, TaskDesk, TENANT } from '../../test/tasks/task-desk.js';
import { TaskClaims } from './task-claims.js';
import { InboxViews } from './views/inbox-views.js';

const ann = person('Ann');
const bob = person('Bob');

describe('the next task', () => {
  let desk: TaskDesk;
  beforeEach(async () => {
    desk = await TaskDesk.open();
  });
  afterEach(() => desk.close());

  const next = async (actor: Actor, after: string | null = null, workflow?: string) =>
    (await desk.claims.next({ tenant: TENANT, actor, after, listing: workflow ? { filter: { workflow } } : {} }))?.id;
  const skip = (actor: Actor, { id }: SeededTask, reason = 'I know the sender.') =>
    desk.claims.skip({ tenant: TENANT, id, actor, reason, claimNext: true });

  it('is another one for each of a hundred who ask at once by one view, and of those only that it shows', async () => {
    const views = new InboxViews(desk.pool, { columnsOf: () => ['Customer'] });
    const owner = { tenant: TENANT, actor: ann, mayShare: true };
    const filter = { workflow: 'order', priority: { min: 3 }, columns: [{ name: 'Customer', value: 'Ada' }] };
    const { id: view } = await views.save(owner, { id: null, name: 'Ada first', filter, order: 'newest', isShared: true });
    const fits = { priority: 3, columns: { Customer: 'Ada' } };
    const shown = new Set<string>();
    for (let index = 0; index < 100; index++) shown.add((await desk.seed(fits)).id);
    for (const other of [{ priority: 2 }, { columns: { Customer: 'Bob' } }, { workflow: 'invoice' }])
      await desk.seed({ ...fits, ...other });
    const ask = async (actor: Actor) =>
      (await desk.claims.next({ tenant: TENANT, actor, after: null, listing: await views.listing({ ...owner, actor }, { view }) }))?.id;
    const got = await Promise.all(Array.from({ length: 101 }, (_, index) => ask(person(`P${index}`))));
    expect(got.filter((id) => id !== undefined)).toHaveLength(100);
    expect(new Set(got)).toEqual(new Set([...shown, undefined]));
  });

  it('is the first of the filter, in the order of the inbox, that nobody holds; a repeat of the request gets the same', async () => {
    const [left, low, held, high] = [
      await desk.seed(),
      await desk.seed(),
      await desk.seed({ priority: 9 }),
      await desk.seed({ priority: 5 }),
    ];
    await desk.seed({ tenant: 'other', priority: 99 });
    const invoice = await desk.seed({ workflow: 'invoice', priority: -1 });
    await desk.tasks.claim({ tenant: TENANT, id: left.id, actor: ann });
    await desk.tasks.claim({ tenant: TENANT, id: held.id, actor: bob });
    expect(await next(ann, null, 'invoice')).toBe(invoice.id);
    expect(await next(ann, left.id)).toBe(high.id);
    expect(await next(ann, left.id)).toBe(high.id);
    await desk.lapse(held.id);
    expect(await next(ann)).toBe(held.id);
    expect(await next(ann)).toBe(low.id);
    expect(await next(ann)).toBeUndefined();
    expect(desk.changes.published).toContainEqual({ tenant: TENANT, kind: 'task', id: high.id });
    for (const filter of [{ mine: true }, { status: ['completed'] as const }])
      expect(await refusal(desk.claims.next({ tenant: TENANT, actor: ann, after: null, listing: { filter } }))).toMatchObject({
        code: 'INPUT_INVALID',
      });
  });

  it.each([
    ['the inbox', {}],
    ['a view of few, in an order without an index', { filter: { columns: [{ name: 'Customer', value: 'Ada' }] }, order: 'due' as const }],
  ])('of %s is none that one has skipped, until nothing else is left: then what was skipped first', async (_, listing) => {
    const ofAda = { columns: { Customer: 'Ada' } };
    const [first, second, third] = [await desk.seed(ofAda), await desk.seed(ofAda), await desk.seed(ofAda)];
    const skip = (actor: Actor, { id }: SeededTask) =>
      desk.claims.skip({ tenant: TENANT, id, actor, reason: 'I know the sender.', claimNext: true, next: listing });
    const next = async (actor: Actor) => (await desk.claims.next({ tenant: TENANT, actor, after: null, listing }))?.id;
    await desk.tasks.claim({ tenant: TENANT, id: first.id, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id: first.id, actor: ann, expectedDraftVersion: 0, draft: { note: 'half' } });
    const skipped = await skip(ann, first);
    expect(skipped).toMatchObject({
      task: { status: 'open', claimedBy: null, version: 3, draft: { note: 'half' } },
      nextTask: { id: second.id },
    });
    expect((await skip(ann, second)).nextTask?.id).toBe(third.id);
    expect((await skip(ann, third)).nextTask?.id).toBe(first.id);
    expect((await skip(ann, first)).nextTask?.id).toBe(second.id);
    expect(await next(bob)).toBe(first.id);
    expect(
      (await desk.tasks.history(TENANT, [first.id])).get(first.id)?.map(({ kind, actor, details }) => [kind, actor?.id, details]),
    ).toEqual([
      ['claimed', ann.id, null],
      ['drafted', ann.id, null],
      ['skipped', ann.id, { reason: 'I know the sender.' }],
      ['claimed', ann.id, { after: third.id }],
      ['skipped', ann.id, { reason: 'I know the sender.' }],
      ['claimed', bob.id, null],
    ]);
  });

  it('is skipped with a reason only, and not over the head of who holds it', async () => {
    const task = await desk.seed();
    for (const reason of [' \n', 'x'.repeat(4_001), '\u0000'])
      expect(await refusal(skip(ann, task, reason))).toMatchObject({ code: 'INPUT_INVALID' });
    await desk.tasks.claim({ tenant: TENANT, id: task.id, actor: bob });
    expect(await refusal(skip(ann, task))).toMatchObject({ code: 'TASK_CLAIMED', task: { claimedBy: bob } });
    expect(await desk.historyKinds(task.id)).toEqual(['claimed']);
  });
});

describe('a take-over', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
  });
  afterAll(() => desk.close());

  const takeOver = (actor: Actor, id: string, expectedVersion: number) =>
    desk.claims.takeOver({ tenant: TENANT, id, actor, expectedVersion, reason: 'She is on holiday.' });

  it('takes the task from its holder, who can then neither save nor decide; the draft and its author stay, and the history says so', async () => {
    const { id } = await desk.seed();
    const { version } = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: { note: 'half' } });
    desk.changes.published.length = 0;
    expect(await takeOver(bob, id, version)).toMatchObject({ claimedBy: bob, version: version + 1, draft: { note: 'half' }, draftBy: ann });
    expect(desk.changes.published).toContainEqual({ tenant: TENANT, kind: 'task', id });
    const save = desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 1, draft: {} });
    expect(await refusal(save)).toMatchObject({ code: 'TASK_CLAIMED', task: { claimedBy: bob } });
    const decide = desk.tasks.complete({ tenant: TENANT, id, actor: ann, expectedVersion: version, answer: { verdict: 'yes' } });
    expect(await refusal(decide)).toMatchObject({ code: 'TASK_CLAIMED' });
    expect(await takeOver(bob, id, version)).toMatchObject({ claimedBy: bob, version: version + 1 });
    expect((await desk.tasks.history(TENANT, [id])).get(id)).toMatchObject([
      { kind: 'claimed', actor: ann },
      { kind: 'drafted', actor: ann },
      { kind: 'taken-over', actor: bob, details: { takenFrom: ann, reason: 'She is on holiday.' } },
    ]);
  });

  it('is refused to who was shown another holder, and of what is decided', async () => {
    const { id } = await desk.seed();
    const { version } = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    const outcomes = await Promise.allSettled(['Bob', 'Cem', 'Dee'].map((name) => takeOver(person(name), id, version)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'VERSION_CONFLICT', task: { version: version + 1 } });
    const closed = await desk.seed({ status: 'canceled' });
    expect(await refusal(takeOver(bob, closed.id, 1))).toMatchObject({ code: 'TASK_CLOSED' });
  });

  it('is done when the task came to who asks just as it was looked up why it could not be taken', async () => {
    const { id } = await desk.seed();
    const { version } = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    let looks = 0;
    const query = async (config: pg.QueryConfig) => {
      // First whether he has it, then why he cannot have it.
      if (config.name === 'read-tasks' && ++looks === 2) await takeOver(bob, id, version);
      return desk.pool.query(config);
    };
    const pool: pg.Pool = Object.assign(Object.create(desk.pool), { query });
    const late = new TaskClaims(pool, desk.screens, desk.changes).takeOver({
      tenant: TENANT,
      id,
      actor: bob,
      expectedVersion: 0,
      reason: null,
    });
    expect(await late).toMatchObject({ claimedBy: bob, version: version + 1 });
    expect(looks).toBeGreaterThan(2);
  });
});
