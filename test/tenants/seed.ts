/** One of everything that belongs to a tenant, made over the API as its people would make it. */
import { createHash, randomBytes } from 'node:crypto';
import { pgSql, setTenantShare } from '@stepwell/storage';
import { sealTenant } from '@stepwell/tasks';
import type { TestDatabase } from '../postgres/test-database.js';
import type { ApiApp, ApiUser } from '../server/api-app.js';
import { askedAt } from '../server/orders.module.js';

export interface Seed {
  /** In everything that the tenant's people wrote. */
  readonly mark: string;
  readonly run: string;
  /** What one of them signs in with. */
  readonly person: string;
  /** Claimed by whoever made it, with a draft. */
  readonly task: string;
  /** On `task`. */
  readonly comment: string;
  /** Has failed. */
  readonly failed: string;
  /** Waits for a person, after a fault. */
  readonly parked: string;
  /** Waits for `asyncResult`, in front of an inject point. */
  readonly asking: string;
  readonly asyncResult: string;
  readonly apiKey: string;
  readonly session: string;
  readonly view: string;
  readonly document: string;
  /** The token of a link by which `person` may decide `task`. */
  readonly link: string;
  /** A message to `person` that was given up. */
  readonly notification: string;
  readonly startKey: string;
  readonly eventKey: string;
  /** With `eventKey`. */
  readonly event: string;
  /** Has emitted an event. */
  readonly emitted: string;
  /** Of `emitted`, as a text. */
  readonly checkpoint: string;
  readonly runsCursor: string;
  readonly inboxCursor: string;
  readonly eventsCursor: string;
}

export async function seedTenant(api: ApiApp, who: ApiUser, tenant: string, mark: string): Promise<Seed> {
  const data = async (query: string, variables?: Record<string, unknown>) => {
    const answer = await who.ask(query, variables);
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  const start = async (workflow: string, input: unknown = null, key: string | null = null): Promise<string> =>
    (
      await data('mutation ($w: String!, $i: JSON, $k: String) { startRun(workflow: $w, input: $i, idempotencyKey: $k) { run { id } } }', {
        ...{ w: workflow, i: input, k: key },
      })
    ).startRun.run.id;
  const taskOf = (run: string): Promise<{ id: string; version: number }> =>
    api.until(async () => (await data('query ($id: ID!) { run(id: $id) { tasks { id version } } }', { id: run })).run.tasks[0]);
  const order = (number: number) => ({ id: `${mark}-${number}`, quantity: number, customer: { name: `${mark} customer` } });

  const person = who.displayName.replace('Person ', '');
  await data('mutation ($name: String!) { setGroups(name: $name, groups: ["mine"]) { errors { code } } }', { name: person });
  const startKey = `${mark}-start`;
  const eventKey = `${mark}-event`;
  const run = await start('orders', order(1), startKey);
  const task = await taskOf(run);
  await data('mutation ($id: ID!) { claimTask(id: $id) { task { id } } }', { id: task.id });
  await data('mutation ($id: ID!, $draft: JSON!) { saveTaskDraft(id: $id, expectedDraftVersion: 0, draft: $draft) { task { id } } }', {
    ...{ id: task.id, draft: { note: `${mark} draft` } },
  });
  const { commentOnTask } = await data(
    'mutation ($id: ID!, $text: String!) { commentOnTask(taskId: $id, field: "note", text: $text) { comment { id } } }',
    {
      ...{ id: task.id, text: `${mark} doubts` },
    },
  );
  const emitted = await start('orders', order(2));
  const approved = await taskOf(emitted);
  await data(
    'mutation ($id: ID!, $v: Int!, $answer: JSON!) { claimTask(id: $id) { task { id } } completeTask(id: $id, expectedVersion: $v, answer: $answer) { errors { code } } }',
    { id: approved.id, v: approved.version + 1, answer: { verdict: 'approve', note: `${mark} note` } },
  );
  const { emitEvent } = await data(
    'mutation ($p: JSON, $k: String) { emitEvent(name: "order.received", payload: $p, idempotencyKey: $k) { event { id } } }',
    {
      ...{ p: order(3), k: eventKey },
    },
  );
  const session = `${mark.replace(/\W/g, '-')}-session`;
  await data('mutation ($name: String!, $data: JSON) { openSession(name: $name, data: $data) { errors { code } } }', {
    name: session,
    data: { note: mark },
  });
  const failed = await start('failing');
  const parked = await start('parked');
  await start('intake');
  const asked = askedAt.length;
  const asking = await start('asking');
  await untilQuiet(api, tenant);
  // Now, for a seal is no change that anybody is told of.
  await sealTenant(api.database.pool, tenant, undefined);
  await setTenantShare(pgSql(api.database.pool), { tenant, weight: 3, atWork: 50 });
  await api.database.pool.query(
    "INSERT INTO slots (tenant, schedule, due_at, outcome, run_id) SELECT tenant, id, now(), 'fired', $2 FROM schedules WHERE tenant = $1",
    [tenant, run],
  );
  const asyncResult = /async-results\/([^?]+)/.exec(askedAt[asked] ?? '')?.[1] ?? '';
  const { body: uploaded } = await api
    .client()
    .post('/documents')
    .set({ cookie: who.cookie, 'x-stepwell-csrf': '1' })
    .attach('files', Buffer.from(`${mark} report`), `${mark}.txt`);
  const { createApiKey } = await data(
    'mutation ($name: String!) { createApiKey(name: $name, role: reviewer, expiresInDays: 9) { apiKey { id } } }',
    { name: `${mark} machine` },
  );
  const { saveInboxView } = await data('mutation ($name: String!) { saveInboxView(name: $name, isShared: true) { view { id } } }', {
    name: `${mark} view`,
  });
  const { exportCheckpoint } = await data('mutation ($id: ID!) { exportCheckpoint(runId: $id, seq: 4) { checkpoint } }', { id: emitted });
  const { rows: given } = await api.database.pool.query<{ id: string }>(
    `WITH told AS (INSERT INTO notification_preferences (tenant, user_id, address) VALUES ($1, $2, $3)),
     dead AS (
       INSERT INTO notifications (tenant, user_id, channel, purpose, status, attempts, error, next_at, created_at, ended_at)
       VALUES ($1, $2, 'mail', 'notices', 'dead', 1, $3, now(), now(), now()) RETURNING id)
     INSERT INTO notices (tenant, user_id, channel, kind, task_id, at, send_at, notification_id)
     SELECT $1, $2, 'mail', 'assigned', $4, now(), now(), id FROM dead RETURNING notification_id AS id`,
    [tenant, who.id, `${mark}@example.com`, task.id],
  );
  const link = randomBytes(32).toString('base64url');
  await api.database.pool.query(
    `INSERT INTO approval_links (tenant, token_hash, task_id, user_id, label, answer, expires_at)
     VALUES ($1, $2, $3, $4, $5, '{"verdict": "approve"}', now() + interval '1 day')`,
    [tenant, createHash('sha256').update(link).digest('base64url'), task.id, who.id, mark],
  );
  const page = '(first: 1) { pageInfo { endCursor } }';
  const { runs, inbox, events } = await data(`{ runs${page} inbox${page} events${page} }`);
  const cursors = {
    runsCursor: runs.pageInfo.endCursor,
    inboxCursor: inbox.pageInfo.endCursor,
    eventsCursor: events.pageInfo.endCursor,
  };
  return {
    mark,
    person,
    run,
    task: task.id,
    comment: commentOnTask.comment.id,
    failed,
    parked,
    asking,
    asyncResult,
    apiKey: createApiKey.apiKey.id,
    session,
    view: saveInboxView.view.id,
    document: uploaded[0].id,
    link,
    notification: given[0]?.id ?? '',
    startKey,
    eventKey,
    event: emitEvent.event.id,
    emitted,
    checkpoint: exportCheckpoint.checkpoint,
    ...cursors,
  };
}

/** Until nothing of the tenant changes by itself any more. */
function untilQuiet(api: ApiApp, tenant: string): Promise<unknown> {
  return api.until(async () => {
    const { rows } = await api.database.pool.query<{ busy: string; shipped: string }>(
      `SELECT (SELECT count(*) FROM runs WHERE tenant = $1 AND status IN ('queued', 'running'))
            + (SELECT count(*) FROM event_deliveries WHERE tenant = $1 AND status = 'pending')
            + (SELECT count(*) FROM inbox WHERE tenant = $1) AS busy,
              (SELECT count(*) FROM runs WHERE tenant = $1 AND workflow = 'shipping') AS shipped`,
      [tenant],
    );
    return rows[0]?.busy === '0' && rows[0].shipped === '1';
  });
}

/** @returns every row of a tenant in every table that has tenants, by table */
export async function rowsOf({ pool }: Pick<TestDatabase, 'pool'>, tenant: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const found = new Map<string, readonly unknown[]>();
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: unknown }>(`SELECT to_jsonb(t) AS row FROM ${name} t WHERE tenant = $1 ORDER BY 1`, [tenant]);
    found.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return found;
}
