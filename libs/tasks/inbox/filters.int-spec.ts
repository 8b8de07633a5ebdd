import { uuidV7 } from '@stepwell/storage';
import { person, refusal, type SeededTask, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import type { InboxRequest } from './inbox-page.js';
import type { TaskFilter } from './task-filter.js';

const ANN = uuidV7();
const ann = { ...person('ann'), id: ANN };
const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR);

describe('the filters of the inbox', () => {
  let desk: TaskDesk;
  let plain: SeededTask;
  let late: SeededTask;
  let soon: SeededTask;
  let alsoSoon: SeededTask;
  let leads: SeededTask;
  let bobs: SeededTask;
  let airport: SeededTask;

  beforeAll(async () => {
    desk = await TaskDesk.open();
    await desk.pool.query(
      `INSERT INTO users (tenant, id, name, display_name, role, password_hash, groups)
       VALUES ($1, $2, 'ann', 'Ann', 'reviewer', 'x', '{leads}'), ($1, $3, 'bob', 'Bob', 'reviewer', 'x', '{}')`,
      [TENANT, ANN, uuidV7()],
    );
    plain = await desk.seed();
    late = await desk.seed({ dueAt: at(-2), priority: 3 });
    const sameTime = at(300);
    soon = await desk.seed({ dueAt: sameTime, priority: 3 });
    alsoSoon = await desk.seed({ dueAt: sameTime });
    leads = await desk.seed({ groups: ['leads', 'night'], followUpAt: at(-1) });
    bobs = await desk.seed({ assignee: 'bob', priority: -2 });
    airport = await desk.seed({ workflow: 'strikes', columns: { Airport: 'Köln "Süd"', Damage: 'none' }, dueAt: at(2_000) });
    await desk.seed({ workflow: 'strikes', columns: { Airport: 'Bonn', Damage: 'none' }, tenant: 'other' });
  });
  afterAll(() => desk.close());

  const page = (request: Partial<InboxRequest>) => desk.tasks.inbox(TENANT, { first: 100, viewer: ann, ...request });
  const ids = async (request: Partial<InboxRequest>) => (await page(request)).edges.map(({ node }) => node.id);
  const found = async (filter: TaskFilter) => (await ids({ filter, order: 'opened' })).map(nameOf);
  const nameOf = (id: string) =>
    Object.entries({ plain, late, soon, alsoSoon, leads, bobs, airport }).find(([, task]) => task.id === id)?.[0] ?? 'a stranger';

  it('find a task by whose it is, assigned or claimed, and by groups', async () => {
    await desk.tasks.claim({ tenant: TENANT, id: plain.id, actor: ann });
    expect(await found({ assignee: { me: true } })).toEqual(['plain']);
    expect(await found({ assignee: { name: 'ann' } })).toEqual(['plain']);
    expect(await found({ assignee: { name: 'bob' } })).toEqual(['bobs']);
    expect(await found({ assignee: { nobody: true } })).toEqual(['late', 'soon', 'alsoSoon', 'leads', 'airport']);
    expect(await found({ group: 'night' })).toEqual(['leads']);
    expect(await found({ myGroups: true })).toEqual(['leads']);
    await desk.tasks.release({ tenant: TENANT, id: plain.id, actor: ann });
    expect(await found({ assignee: { me: true } })).toEqual([]);
  });

  it('find it by when it is due or to be looked at again, and by priority', async () => {
    expect(await found({ due: { is: 'overdue' } })).toEqual(['late']);
    expect(await found({ due: { is: 'none' } })).toEqual(['plain', 'leads', 'bobs']);
    expect(await found({ due: { from: at(1).toISOString(), until: at(1_000).toISOString() } })).toEqual(['soon', 'alsoSoon']);
    expect(await found({ due: { from: at(1).toISOString() } })).toEqual(['soon', 'alsoSoon', 'airport']);
    expect(await found({ due: { from: '0001-01-01T00:00Z', until: '9999-12-31T23:59:59.999999999+00:00' } })).toHaveLength(4);
    expect(await found({ followUp: { is: 'overdue' } })).toEqual(['leads']);
    expect(await found({ priority: { min: -(2 ** 31), max: 2 ** 31 - 1 } })).toHaveLength(7);
    expect(await found({ priority: { min: 1 } })).toEqual(['late', 'soon']);
    expect(await found({ priority: { min: -2, max: -1 } })).toEqual(['bobs']);
  });

  it('take the day and the week of the zone that they are asked in', async () => {
    const zone = 'Pacific/Auckland';
    const { rows } = await desk.pool.query<{ monday: Date; today: Date }>(
      `SELECT date_trunc('week', now() AT TIME ZONE $1) AT TIME ZONE $1 AS monday, date_trunc('day', now() AT TIME ZONE $1) AT TIME ZONE $1 AS today`,
      [zone],
    );
    const { monday, today } = rows[0] as { monday: Date; today: Date };
    const of = (name: string, dueAt: Date) => desk.seed({ workflow: name, dueAt });
    const inWeek = [await of('zones', monday), await of('zones', new Date(monday.getTime() + 166 * HOUR))];
    await of('zones', new Date(monday.getTime() - 1));
    const inDay = await of('days', today);
    await of('days', new Date(today.getTime() - 1));
    await of('days', new Date(today.getTime() + 25 * HOUR));
    const asked = (workflow: string, is: 'today' | 'week') => ids({ filter: { workflow, due: { is } }, order: 'opened', timeZone: zone });
    expect(await asked('zones', 'week')).toEqual(inWeek.map(({ id }) => id));
    expect(await asked('days', 'today')).toEqual([inDay.id]);
    await desk.pool.query(`DELETE FROM tasks WHERE workflow IN ('zones', 'days')`);
  });

  it('find it by the columns of its workflow, all of them and whole values only, in this tenant', async () => {
    const columns = [{ name: 'Airport', value: 'Köln "Süd"' }];
    expect(await found({ columns })).toEqual(['airport']);
    expect(await found({ columns: [...columns, { name: 'Damage', value: 'none' }] })).toEqual(['airport']);
    expect(await found({ columns: [...columns, { name: 'Damage', value: 'some' }] })).toEqual([]);
    expect(await found({ columns: [{ name: 'Airport', value: 'Köln' }] })).toEqual([]);
    expect(await found({ columns: [{ name: 'Damage', value: 'none' }] })).toEqual(['airport']);
    const offered = (tenant: string) => desk.tasks.columnValues(tenant, { workflow: 'strikes', column: 'Airport', like: null });
    expect([await offered(TENANT), await offered('other')]).toEqual([[{ value: 'Köln "Süd"', count: 1 }], [{ value: 'Bonn', count: 1 }]]);
  });

  it('list in any order, in pages that together are the whole, also where many are alike', async () => {
    const whole = {
      priority: ['late', 'soon', 'plain', 'alsoSoon', 'leads', 'airport', 'bobs'],
      due: ['late', 'soon', 'alsoSoon', 'airport', 'plain', 'leads', 'bobs'],
      opened: ['plain', 'late', 'soon', 'alsoSoon', 'leads', 'bobs', 'airport'],
      newest: ['airport', 'bobs', 'leads', 'alsoSoon', 'soon', 'late', 'plain'],
    } as const;
    for (const order of ['priority', 'due', 'opened', 'newest'] as const)
      for (const first of [1, 2, 3, 7]) {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const { edges, hasNextPage, endCursor }: Awaited<ReturnType<typeof page>> = await page({ first, after, order });
          seen.push(...edges.map(({ node }) => nameOf(node.id)));
          after = hasNextPage ? endCursor : null;
        } while (after !== null);
        expect([order, seen]).toEqual([order, whole[order]]);
      }
    const { endCursor } = await page({ first: 1, order: 'due' });
    expect(await refusal(page({ after: endCursor, order: 'priority' }))).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('refuse what they do not understand, and never show everything instead', async () => {
    const wrong: unknown[] = [
      ...[{ color: 'red' }, { assignee: {} }, { assignee: { me: true, name: 'bob' } }, { due: {} }, { due: { is: 'soon' } }],
      ...[
        { due: { is: 'today', from: at(0).toISOString() } },
        { due: { from: 'yesterday' } },
        { priority: {} },
        { priority: { min: 1.5 } },
      ],
      ...[{ due: { until: '1' } }, { due: { until: '2026-03-01T12:00' } }, { due: { from: '0000-01-01T00:00Z' } }],
      ...[{ followUp: { from: 5 } }, { priority: { max: 2 ** 31 } }, { priority: { min: -(2 ** 31) - 1 } }, { priority: { min: '1' } }],
      ...[{ columns: [] }, { columns: [{ name: 'A', value: 'a\0' }] }, { columns: [{ name: 'A', value: 'a', not: true }] }],
      ...[{ workflow: 7 }, { status: ['completed'], assignee: { me: true } }],
    ];
    for (const filter of wrong) expect(await refusal(page({ filter: filter as TaskFilter }))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal(page({ timeZone: 'Mars/Olympus' }))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal(page({ filter: { status: ['completed'] }, order: 'due' }))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await ids({ filter: { status: [] } })).toEqual([]);
  });
});
