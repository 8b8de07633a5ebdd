/** The figures of a team, against tasks whose times are written down here: every number below was counted by hand. */
import { randomUUID } from 'node:crypto';
import type { Actor, TaskStatus } from '@stepwell/contracts';
import { Clock, compile, WorkflowCatalog } from '@stepwell/engine';
import { businessCalendar, definitionOf, type Flow, workflow } from '@stepwell/sdk';
import { READ_ENDED_TASKS, type TeamTaskRow, uuidV7 } from '@stepwell/storage';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { refusal } from '../../../test/tasks/task-desk.js';
import { TeamReports } from './team-reports.js';

/** A Wednesday, 13:00 in Berlin. */
const NOW = '2026-11-18T12:00:00Z';
const WEEK = { zone: 'Europe/Berlin', days: 7 };
const [MINUTE, HOUR] = [60_000, 3_600_000];

const ann = user('Ann');
const bob = user('Bob');
const cy = user('Cy');
const robot: Actor = { id: 'escalation', name: 'Escalation', kind: 'system' };
const boss = { tenant: 'acme', id: randomUUID(), role: 'operator' } as const;

interface Seed {
  readonly tenant?: string;
  readonly workflow?: string;
  readonly status?: TaskStatus;
  readonly opened: string;
  readonly ended?: string;
  readonly due?: string;
  readonly by?: Actor;
  /** Until when `by` holds it. */
  readonly until?: string;
  readonly assignee?: string;
  readonly history?: readonly (readonly [kind: string, at: string, actor: Actor])[];
}

class StillClock extends Clock {
  now(): number {
    return Date.parse(NOW);
  }
}

let database: TestDatabase;
let team: TeamReports;

beforeAll(async () => {
  database = await createTestDatabase();
  const office = businessCalendar({ zone: 'Europe/Berlin', hours: '09:00-17:00' });
  const catalog = new WorkflowCatalog([
    hosted(workflow('claims', { version: 1, calendar: office }).then('a', () => 1)),
    hosted(workflow('orders', { version: 1 }).then('a', () => 1)),
  ]);
  team = new TeamReports(database.pool, catalog, new StillClock());
  await database.pool.query(
    `INSERT INTO users (tenant, id, name, display_name, role, password_hash) VALUES ('acme', $1, 'ann', 'Ann', 'reviewer', '!')`,
    [ann.id],
  );
  for (const seed of SEEDS) await plant(seed);
});
afterAll(() => database.drop());

const SEEDS: readonly Seed[] = [
  // Decided. Over a weekend, 66 h, of them two open hours; in hand for 30 min; late.
  {
    ...{
      workflow: 'claims',
      status: 'completed',
      opened: '2026-11-13T15:00:00Z',
      ended: '2026-11-16T09:00:00Z',
      due: '2026-11-16T08:00:00Z',
    },
    ...{ by: ann, history: [['claimed', '2026-11-16T08:30:00Z', ann]] },
  },
  // 50 min, all of them open; Ann had it first, Bob for 30 min.
  {
    ...{ workflow: 'claims', status: 'completed', opened: '2026-11-16T08:00:00Z', ended: '2026-11-16T08:50:00Z', by: bob },
    history: [
      ['claimed', '2026-11-16T08:10:00Z', ann],
      ['taken-over', '2026-11-16T08:20:00Z', bob],
    ],
  },
  // 4 min, by canceling it, without taking it; in time.
  { status: 'canceled', opened: '2026-11-17T10:00:00Z', ended: '2026-11-17T10:04:00Z', due: '2026-11-17T12:00:00Z', by: ann },
  // 10 h, of them 1 h in hand since it was taken again; the first instant of the period.
  {
    ...{ status: 'completed', opened: '2026-11-11T13:00:00Z', ended: '2026-11-11T23:00:00Z', by: ann },
    history: [
      ['claimed', '2026-11-11T14:00:00Z', ann],
      ['claimed', '2026-11-11T22:00:00Z', ann],
    ],
  },
  // The last instant before it.
  { status: 'completed', opened: '2026-11-11T13:00:00Z', ended: '2026-11-11T22:59:59.999Z', by: ann },
  // Nobody decided: the answer by default a second before midnight in Berlin, late; expired at midnight; withdrawn, late.
  { status: 'completed', opened: '2026-11-15T10:00:00Z', ended: '2026-11-17T22:59:59Z', due: '2026-11-16T10:00:00Z', by: robot },
  { status: 'expired', opened: '2026-11-15T10:00:00Z', ended: '2026-11-17T23:00:00Z' },
  { status: 'canceled', opened: '2026-11-15T10:00:00Z', ended: '2026-11-18T08:00:00Z', due: '2026-11-18T07:00:00Z' },
  // Open: for 30 min, due today.
  { workflow: 'claims', opened: '2026-11-18T11:30:00Z', due: '2026-11-18T15:00:00Z' },
  // For 2 h, overdue, and Bob's again, who took his decision back.
  {
    ...{ status: 'claimed', opened: '2026-11-18T10:00:00Z', due: '2026-11-17T12:00:00Z', by: bob, until: '2026-11-18T12:05:00Z' },
    ...{ history: [['claimed', '2026-11-18T10:30:00Z', bob], ['undone', '2026-11-18T11:00:00Z', bob]] }, // prettier-ignore
  },
  // For 26 h, due tomorrow: Bob's claim has lapsed, it is Ann's.
  {
    status: 'claimed',
    opened: '2026-11-17T10:00:00Z',
    due: '2026-11-19T10:00:00Z',
    by: bob,
    until: '2026-11-18T11:59:59Z',
    assignee: 'ann',
  },
  // For eight days, nobody's, whenever.
  { opened: '2026-11-10T10:00:00Z' },
  // Another tenant's.
  { tenant: 'other', status: 'completed', opened: '2026-11-17T10:00:00Z', ended: '2026-11-17T11:00:00Z', by: ann },
  {
    tenant: 'other',
    opened: '2026-11-17T10:00:00Z',
    due: '2026-11-17T12:00:00Z',
    by: bob,
    until: '2026-11-18T12:05:00Z',
    status: 'claimed',
  },
];

const report = (filter = {}, period = WEEK, viewer: Parameters<TeamReports['report']>[0] = boss) => team.report(viewer, period, filter);
const time = (count: number, p50Ms: number | null = null, p90Ms = p50Ms) => ({ count, p50Ms, p90Ms });
const open = (total: number, more = {}) => ({ total, held: 0, overdue: 0, dueToday: 0, dueLater: 0, ...more });

describe('the figures of a team', () => {
  it('count what is open by age, by due time, and by whose it is', async () => {
    const { open: all, ages, reviewers, screens } = await report();
    expect(all).toEqual({ ...open(4, { held: 1, overdue: 1, dueToday: 1, dueLater: 1 }), withoutDue: 1 });
    expect(ages.map(({ total }) => total)).toEqual([1, 1, 0, 1, 0, 1]);
    expect(ages.map(({ fromMs, toMs }) => [fromMs / HOUR, toMs === null ? null : toMs / HOUR])).toEqual([[0, 1], [1, 4], [4, 24], [24, 72], [72, 168], [168, null]]); // prettier-ignore
    expect(ages.map(({ dueToday, overdue, dueLater, withoutDue }) => [dueToday, overdue, dueLater, withoutDue])).toEqual([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]); // prettier-ignore
    expect(reviewers.map((one) => [one.name, one.open])).toMatchObject([['Ann', open(1, { dueLater: 1 })], ['Bob', open(1, { held: 1, overdue: 1 })]]); // prettier-ignore
    expect(screens.map((one) => [one.workflow, one.open.total, one.open.overdue])).toEqual([['claims', 1, 0], ['orders', 3, 1]]); // prettier-ignore
  });

  it('count what was decided, how long it took, and what came too late', async () => {
    const { ended, takenBack, isOwn } = await report();
    expect([takenBack, isOwn]).toEqual([1, false]);
    expect(ended).toEqual({
      ...{ decided: 4, canceled: 1, decidedLate: 1, answeredByDefault: 1, expired: 1, withdrawn: 1, undecidedLate: 2 },
      sinceOpened: time(4, 50 * MINUTE, 66 * HOUR),
      sinceTaken: time(3, 30 * MINUTE, HOUR),
      inBusinessTime: time(2, 50 * MINUTE, 2 * HOUR),
    });
  });

  it('are of the days of whoever asks', async () => {
    const counts = async (zone: string) => {
      const { days } = await report({}, { ...WEEK, zone });
      return days.map(({ date, ended }) => [date.slice(-2), ended.decided, ended.answeredByDefault + ended.expired + ended.withdrawn]);
    };
    expect(await counts('Europe/Berlin')).toEqual([['12', 1, 0], ['13', 0, 0], ['14', 0, 0], ['15', 0, 0], ['16', 2, 0], ['17', 1, 1], ['18', 0, 2]]); // prettier-ignore
    expect(await counts('UTC')).toEqual([['12', 0, 0], ['13', 0, 0], ['14', 0, 0], ['15', 0, 0], ['16', 2, 0], ['17', 1, 2], ['18', 0, 1]]); // prettier-ignore
  });

  it('are told apart by who decided, and by workflow and screen', async () => {
    const { reviewers, screens } = await report();
    expect(reviewers.map(({ name, takenBack, ended }) => [name, takenBack, ended.decided, ended.decidedLate, ended.canceled])).toEqual([['Ann', 0, 3, 1, 1], ['Bob', 1, 1, 0, 0]]); // prettier-ignore
    expect(reviewers.map(({ ended }) => ended.sinceOpened)).toEqual([time(3, 10 * HOUR, 66 * HOUR), time(1, 50 * MINUTE)]);
    expect(screens.map(({ screen, title, ended }) => [screen, title, ended.decided, ended.undecidedLate])).toEqual([['check', 'Check it', 2, 0], ['check', 'Check it', 2, 2]]); // prettier-ignore
    expect(screens.map(({ ended }) => ended.inBusinessTime)).toEqual([time(2, 50 * MINUTE, 2 * HOUR), time(0)]);
  });

  it('count the answers of several people by who gave them and when, apart from the decisions', async () => {
    const viewer = { ...boss, tenant: 'reviewing' };
    const answered = (at: string, who: Actor) => ['reviewed', at, who] as const;
    // Bob a second before midnight in Berlin and Ann at it, who differ; Bob's is before the period. Cy, who settles it, decides.
    const settled = {
      workflow: 'claims',
      status: 'completed',
      opened: '2026-11-11T20:00:00Z',
      ended: '2026-11-17T23:30:00Z',
      by: cy,
    } as const;
    await plant({
      ...settled,
      tenant: 'reviewing',
      history: [answered('2026-11-11T22:59:59Z', bob), answered('2026-11-11T23:00:00Z', ann)],
    });
    // Bob's only, on the last evening and today; both wait for the second.
    const waits = { tenant: 'reviewing', opened: '2026-11-17T20:00:00Z' };
    await plant({ ...waits, history: [answered('2026-11-17T22:59:59Z', bob)] });
    await plant({ ...waits, history: [answered('2026-11-18T11:00:00Z', bob), ['undone', '2026-11-18T11:00:00Z', ann]] });
    await plant({ ...waits, tenant: 'other', history: [answered('2026-11-17T22:59:59Z', bob)] });

    const { answers, days, reviewers, screens, ended } = await report({}, WEEK, viewer);
    expect([answers, ended.decided]).toEqual([3, 1]);
    expect(days.map((day) => day.answers)).toEqual([1, 0, 0, 0, 0, 1, 1]);
    expect(reviewers.map((one) => [one.name, one.ended.decided, one.answers])).toEqual([['Cy', 1, 0], ['Bob', 0, 2], ['Ann', 0, 1]]); // prettier-ignore
    expect(screens.map((one) => [one.workflow, one.answers, one.open.total])).toEqual([['claims', 1, 0], ['orders', 2, 2]]); // prettier-ignore
    expect(await report({ workflow: 'orders' }, WEEK, viewer)).toMatchObject({ answers: 2, reviewers: [{ name: 'Bob', answers: 2 }, { name: 'Ann', answers: 0 }] }); // prettier-ignore
    const own = await report({}, WEEK, { ...viewer, id: ann.id, role: 'reviewer' });
    expect(own).toMatchObject({ answers: 1, reviewers: [{ name: 'Ann', answers: 1 }], screens: [{ workflow: 'claims', answers: 1 }] });
    expect(await report({ screen: 'none' }, WEEK, viewer)).toMatchObject({ answers: 0, reviewers: [], screens: [] });
  });

  it('are filtered by workflow, screen and reviewer', async () => {
    const claims = await report({ workflow: 'claims', screen: 'check' });
    expect([claims.open.total, claims.ended.decided, claims.ended.expired, claims.takenBack]).toEqual([1, 2, 0, 0]);
    const bobs = await report({ reviewer: bob.id });
    expect([bobs.open.total, bobs.ended.decided, bobs.ended.expired, bobs.takenBack]).toEqual([1, 1, 0, 1]);
    expect(await report({ screen: 'none' })).toMatchObject({
      open: { total: 0 },
      ended: { decided: 0, sinceOpened: time(0) },
      reviewers: [],
    });
  });

  it('are his own for a reviewer, who is refused those of others', async () => {
    const own = await report({}, WEEK, { ...boss, id: bob.id, role: 'reviewer' });
    expect([own.isOwn, own.reviewers.map(({ name }) => name), own.ended.decided, own.open.total]).toEqual([true, ['Bob'], 1, 1]);
    const asked = report({ reviewer: ann.id }, WEEK, { ...boss, id: bob.id, role: 'reviewer' });
    expect(await refusal(asked)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('have behind them the tasks that they are of', async () => {
    const rows = await all(team.tasks(boss, WEEK, {}));
    expect(rows.map(({ state, reviewer, isLate }) => [state, reviewer, isLate])).toEqual([
      ...[['decided', 'Ann', false], ['decided', 'Bob', false], ['decided', 'Ann', true], ['canceled', 'Ann', false]], // prettier-ignore
      ...[['default', null, true], ['expired', null, false], ['withdrawn', null, true]], // prettier-ignore
      ...[['open', null, false], ['claimed', 'Bob', true], ['open', 'Ann', false], ['open', null, false]], // prettier-ignore
    ]);
    expect(rows[2]).toMatchObject({ sinceOpened: 66 * HOUR, sinceTaken: 30 * MINUTE, inBusinessTime: 2 * HOUR });
    const own = await all(team.tasks({ ...boss, id: ann.id, role: 'reviewer' }, WEEK, { workflow: 'orders' }));
    expect(own.map(({ state }) => state)).toEqual(['decided', 'canceled', 'open']);
  });

  it('of a week read that week among ten thousand tasks, and the export gives each of them once', async () => {
    await database.pool.query(
      `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, status, decided_by, form, opened_at, ended_at)
       SELECT 'busy', new_id(), new_id(), 'a', '', 'orders', 1, 'check', 'Check it', '', 'completed', $1::jsonb, '{}', $2::timestamptz - n * interval '1 hour', $2::timestamptz - (n / 2) * interval '30 minutes' - interval '1 second'
       FROM generate_series(0, 9999) n`,
      [JSON.stringify(ann), NOW],
    );
    await database.pool.query('ANALYZE tasks');
    const viewer = { ...boss, tenant: 'busy' };
    const { ended } = await report({}, { zone: 'UTC', days: 7 }, viewer);
    // Two every half hour, from midnight on the twelfth to noon on the eighteenth.
    expect(ended.decided).toBe(2 * 2 * (6 * 24 + 12));
    const values = ['busy', ['2026-11-12T00:00:00Z'], NOW, '[]', null, null, null];
    const { rows: [explained] } = await database.pool.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${READ_ENDED_TASKS.text}`, values); // prettier-ignore
    expect(rowsLookedAt(explained?.['QUERY PLAN'])).toBe(ended.decided);
    const exported = await all(team.tasks(viewer, { zone: 'UTC', days: 200 }, {}));
    expect([exported.length, new Set(exported.map(({ id }) => id)).size]).toEqual([10_000, 10_000]);
  });
});

function user(name: string): Actor {
  return { id: randomUUID(), name, kind: 'user' };
}

function hosted(flow: Flow<unknown>) {
  const definition = definitionOf(flow);
  return { definition, graph: compile(definition), needs: `${definition.name}@1`, processor: undefined };
}

async function plant({
  tenant = 'acme',
  workflow: of = 'orders',
  status = 'open',
  opened,
  ended,
  due,
  by,
  until,
  assignee,
  history = [],
}: Seed) {
  const id = uuidV7();
  const actor = by ? JSON.stringify(by) : null;
  await database.pool.query(
    `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, status, opened_at, ended_at, due_at, decided_by, claimed_by, claimed_until, assignee, form)
     VALUES ($1, $2, $2, 'a', '', $3, 1, 'check', 'Check it', '', $4, $5, $6, $7, $8, $9, $10, $11, '{}')`,
    [tenant, id, of, status, opened, ended, due, until ? null : actor, until ? actor : null, until, assignee],
  );
  for (const [kind, at, who] of history)
    await database.pool.query('INSERT INTO task_history (tenant, task_id, kind, actor, at) VALUES ($1, $2, $3, $4, $5)', [tenant, id, kind, JSON.stringify(who), at]); // prettier-ignore
}

async function all(tasks: AsyncIterable<TeamTaskRow>): Promise<TeamTaskRow[]> {
  const rows: TeamTaskRow[] = [];
  for await (const row of tasks) rows.push(row);
  return rows;
}

/** How many rows of tasks a plan took into its hands, those that it put aside again included. */
function rowsLookedAt(plan: unknown): number {
  if (Array.isArray(plan)) return plan.reduce((sum: number, part) => sum + rowsLookedAt(part), 0);
  if (typeof plan !== 'object' || plan === null) return 0;
  const node = plan as Readonly<Record<string, unknown>>;
  const rows = ['Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Index Recheck'].map((field) => Number(node[field] ?? 0));
  const own = /^tasks_\d+$/.test(String(node['Relation Name'])) ? rows.reduce((a, b) => a + b) * Number(node['Actual Loops']) : 0;
  return own + rowsLookedAt(Object.values(node));
}
