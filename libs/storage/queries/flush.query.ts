/**
 * The flush: everything that activations of one process have ready, for many runs, in one statement.
 *
 * Locks, in order: (a) every run row it touches, by id, FOR NO KEY UPDATE, so that a concurrent take-over or inbox append is waited for
 * and its result is seen; then tasks (new ones, and those of runs that end), then events.
 * Fence: (b) only runs whose locked row still carries the epoch and the last_seq that the activation knows take part. A fence that
 * merely joins a snapshot of the run row would let a zombie commit. last_seq under the lock is also what makes a repeat change
 * nothing: its facts are then no longer the next ones.
 * (c) One outcome per run: committed, or fenced when the locked row is another's; a stale run never harms its neighbours. A
 * batch never holds two commits of one run (the group committer sees to it): the old epoch's would be told the new one's outcome.
 * Giving up the lease, by waiting, by a pause or by ending, is a compare-and-set on `attention`: if somebody has written to the inbox since it was
 * read, the run stays running, its last fact `run.ended` is withheld, and the returned attention tells the owner to read again. So
 * every message that was accepted becomes a fact.
 * The runs are looked up one by one (LATERAL): for a join, a plan made while the table was small reads all of it, flush after flush, until
 * the table is analyzed. Facts find their run by hashing (FULL JOIN, whose other rows are then left out): a plan that supposes one run goes
 * through all facts for each.
 * A task whose decision can still be taken back, and of which the run has not been told, is closed as an open one is (closed-tasks).
 * Children of one parent that end in one flush tell it so in one message, under the key of the first: a child ends once.
 * A child may be inserted already leased to the worker of its parent, as a start may (insert-runs).
 * A run that waits has the priority of the step that it waits at, where that has one; its own is kept beside it until then.
 * Who ends or waits is no suspect any more. In an incident it stays one, and only the proof is forgotten: whoever retries a run that ends
 * its process gets the verdict of three more crashes in isolation, and no other process ends.
 */
import type { RunStatus } from '@stepwell/contracts';
import { BY_DEFAULT, type FlushedRun, type JournalRow, type RunCommit, SUSPECT_FROM, type TaskRow } from '@stepwell/engine';
import { sparse } from '../sparse.js';
import { type Sql, type Statement, statement } from '../sql.js';
import { needsLike, withoutIsolation } from '../suspicion.js';
import { CLOSES_DECIDED, CLOSES_OPEN } from './closed-tasks.js';
import { recordsDecision } from './decision-record.js';
import { ifNobodyIsLeft } from './nobody-is-left.js';
import { nobodyIsThere } from './nobody-is-there.js';

const CORE = `
WITH locked AS MATERIALIZED (
  SELECT w.*, w.intent_status IN ('completed', 'failed', 'canceled') AS is_end, r.attention = w.attention AS is_heard,
    r.epoch AS locked_epoch, r.last_seq AS locked_seq, r.status AS locked_status, r.crashes, r.own_priority
  FROM (
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[], $9::float8[], $10::text[], $11::text[], $12::bool[], $13::int[])
      WITH ORDINALITY AS w(tenant, id, epoch, base_seq, facts, attention, intent_status, reasons, due_at, error_code, error_message, cancel_requested, priority, place)
    ORDER BY id) AS w
  CROSS JOIN LATERAL (
    SELECT r.epoch, r.attention, r.last_seq, r.status, r.crashes, coalesce(r.own_priority, r.priority) AS own_priority FROM runs r WHERE r.tenant = w.tenant AND r.id = w.id
    FOR NO KEY UPDATE) AS r),
fenced AS MATERIALIZED (
  SELECT l.*, l.is_end AND l.is_heard AS ends, l.intent_status IN ('waiting', 'paused') AND l.is_heard AS releases,
    'incident' = ANY(string_to_array(l.reasons, ',')) AS has_incident, l.base_seq + l.facts - CASE WHEN l.is_end AND NOT l.is_heard THEN 1 ELSE 0 END AS last_seq
  FROM locked l WHERE l.locked_epoch = l.epoch AND l.locked_seq = l.base_seq AND l.locked_status = 'running'),
facts AS (
  INSERT INTO journal (tenant, run_id, seq, type, path, iteration, attempt, payload, payload_blob)
  SELECT x.tenant, x.id, f.seq, f.type, f.path, coalesce(f.iteration, ''), f.attempt, CASE WHEN f.blob IS NULL THEN f.payload END, f.blob
  FROM ROWS FROM (unnest($14::int[], $15::int[], $16::text[], $17::text[], $18::text[], $19::int[], $21::text[]), jsonb_array_elements($20::jsonb))
    AS f(place, seq, type, path, iteration, attempt, blob, payload)
  FULL JOIN fenced x ON x.place = f.place WHERE coalesce(f.seq <= x.last_seq, false))`;

const CONSUMED = `,
consumed AS (
  DELETE FROM inbox i USING unnest($22::uuid[], $23::uuid[]) AS c(run_id, id), fenced x
  WHERE x.id = c.run_id AND i.tenant = x.tenant AND i.run_id = c.run_id AND i.id = c.id)`;

/** @param closes tasks */
const effects = (closes: string): string => `,
opened AS (
  INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, instructions, priority, due_at, undo_ms, follow_up_at, assignee, assigned_for, candidate_users, candidate_groups, excluded, asks_author, reviews, display, props, form, suggestion)
  SELECT x.tenant, t.id, t.run_id, t.path, t.iteration, t.workflow, t.version, t.screen, t.title, t.subject, t.instructions, t.priority, t.due_at, t.undo_ms, t.follow_up_at,
    CASE WHEN t.assignee IS NOT NULL THEN assignee_of(x.tenant, t.assignee, t.candidate_users IS NOT NULL OR t.candidate_groups IS NOT NULL) END, t.assignee, t.candidate_users, t.candidate_groups,
    CASE WHEN t.refuses_own_work THEN starters_of(x.tenant, t.run_id) END, coalesce(t.asks_author, false), t.reviews, t.display, t.props, t.form, t.suggestion
  FROM jsonb_to_recordset($24::jsonb) AS t(id uuid, run_id uuid, path text, iteration text, workflow text, version int, screen text, title text, subject text,
    instructions text, priority int, due_at timestamptz, undo_ms int, follow_up_at timestamptz, assignee text, candidate_users text[], candidate_groups text[], refuses_own_work bool, asks_author bool, reviews jsonb, display jsonb, props jsonb, form jsonb, suggestion jsonb)
  JOIN fenced x ON x.id = t.run_id
  RETURNING tenant, id, assignee, assigned_for, candidate_users, candidate_groups, excluded),
opened_history AS (
  INSERT INTO task_history (tenant, task_id, kind, details)
  SELECT tenant, id, 'opened', nullif(jsonb_strip_nulls(jsonb_build_object('to', assignee, 'for', nullif(assigned_for, assignee), 'isNobodyThere', ${nobodyIsThere('tenant')},
    'isNobodyLeft', ${ifNobodyIsLeft('opened', 'opened.tenant')})), '{}') FROM opened),
${closes.trimStart()},
withdrawn AS (
  DELETE FROM dispatches d USING fenced x
  WHERE x.id = ANY($25::uuid[]) AND d.tenant = x.tenant AND d.run_id = x.id AND (x.ends OR d.id = ANY($33::uuid[]))),
emitted AS (
  INSERT INTO events (tenant, id, name, payload, idempotency_key, source_run, source_path)
  SELECT x.tenant, e.id, e.name, e.payload, e.idempotency_key, e.run_id, e.path
  FROM unnest($26::uuid[], $27::uuid[], $28::text[], $29::jsonb[], $30::text[], $31::text[]) AS e(run_id, id, name, payload, idempotency_key, path)
  JOIN fenced x ON x.id = e.run_id),
dispatched AS (
  INSERT INTO dispatches (tenant, id, run_id, path, iteration, attempt, queue, priority, needs, crashes)
  SELECT x.tenant, d.id, d.run_id, d.path, d.iteration, d.attempt, d.queue, coalesce(d.priority, x.own_priority), ${needsLike('x', 'd.needs')}, x.crashes[1:${SUSPECT_FROM}]
  FROM jsonb_to_recordset($32::jsonb) AS d(id uuid, run_id uuid, path text, iteration text, attempt int, queue text, priority int, needs text)
  JOIN fenced x ON x.id = d.run_id),
listening AS (
  INSERT INTO event_waits (tenant, run_id, id, event, shape, key, since)
  SELECT x.tenant, w.run_id, w.id, w.event, match_shape(w.match), match_key(w.match, match_shape(w.match)),
    CASE w.since WHEN 'registration' THEN clock_timestamp()
      WHEN 'start' THEN (SELECT r.created_at FROM runs r WHERE r.tenant = x.tenant AND r.id = x.id)
      WHEN 'lineage' THEN (SELECT coalesce(f.created_at, r.created_at) FROM runs r LEFT JOIN runs f ON f.tenant = r.tenant AND f.id = r.lineage_root WHERE r.tenant = x.tenant AND r.id = x.id)
      ELSE to_timestamp(w.since::float8 / 1000) END
  FROM jsonb_to_recordset($34::jsonb) AS w(run_id uuid, id uuid, event text, match jsonb, since text)
  JOIN fenced x ON x.id = w.run_id),
unheard AS (
  DELETE FROM event_waits w USING fenced x
  WHERE x.id = ANY($25::uuid[]) AND w.tenant = x.tenant AND w.run_id = x.id AND (x.ends OR w.id = ANY($33::uuid[]))),
settled AS (
  UPDATE event_deliveries d SET status = s.outcome, decided_at = clock_timestamp()
  FROM jsonb_to_recordset($35::jsonb) AS s(run_id uuid, wait_id uuid, event_id uuid, outcome text) JOIN fenced x ON x.id = s.run_id
  WHERE d.tenant = x.tenant AND d.event_id = s.event_id AND d.consumer = 'wait:' || s.wait_id),
children AS MATERIALIZED (
  SELECT x.tenant, c.* FROM jsonb_to_recordset($36::jsonb) AS c(run_id uuid, id uuid, workflow text, version int, queue text, input jsonb, is_awaited bool, priority int, permit_key text, worker uuid)
  JOIN fenced x ON x.id = c.run_id),
begun AS (
  INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, worker, epoch, last_seq, started_by, cause_run, parent_run, lineage_root, priority, permit_key)
  SELECT tenant, id, workflow, version, workflow || '@' || version, queue, CASE WHEN worker IS NULL THEN 'queued' ELSE 'running' END,
    worker, CASE WHEN worker IS NULL THEN 0 ELSE 1 END, 1, 'parent', run_id, CASE WHEN is_awaited THEN run_id END, id, priority, permit_key FROM children),
begun_facts AS (
  INSERT INTO journal (tenant, run_id, seq, type, payload)
  SELECT tenant, id, 1, 'run.started', jsonb_build_object('input', input) FROM children),
told AS (
  INSERT INTO outbox (tenant, run_id, kind, dedupe_key, payload)
  SELECT x.tenant, m.to_run, CASE WHEN m.kind = 'child.ended' AND count(*) > 1 THEN 'children.ended' ELSE m.kind END, min(m.dedupe_key),
    CASE WHEN m.kind = 'child.ended' AND count(*) > 1 THEN jsonb_build_object('ends', jsonb_agg(m.payload ORDER BY m.dedupe_key)) ELSE jsonb_agg(m.payload) -> 0 END
  FROM jsonb_to_recordset($37::jsonb) AS m(run_id uuid, to_run uuid, kind text, dedupe_key text, payload jsonb, at_end bool)
  JOIN fenced x ON x.id = m.run_id AND (x.ends OR NOT m.at_end)
  GROUP BY x.tenant, m.to_run, m.kind, CASE m.kind WHEN 'child.ended' THEN '' ELSE m.dedupe_key END)`;

/**
 * A step of a task's escalation. One that would give it to somebody alone whom it excludes leaves it whose it is, and says so. What answers it, or says that it is over, leaves a record as a decision does, and is told to the run by the outbox, if the row was still open. A
 * decision that is held in its undo window then stands, and can be taken back no longer: nothing would come after it.
 */
const ESCALATIONS = `,
escalations AS MATERIALIZED (
  SELECT x.tenant, e.run_id, e.task_id, e.step, CASE WHEN g.to_excluded THEN 'notify' ELSE e.what END AS what, e.assignee, e.candidate_users, e.candidate_groups,
    CASE WHEN g.to_excluded THEN '[]' ELSE e.names END AS names, e.answer, e.by, CASE WHEN g.to_excluded THEN e.assignee || ' may not decide it.' ELSE e.reason END AS reason, e.fault
  FROM jsonb_to_recordset($38::jsonb) AS e(run_id uuid, task_id uuid, step int, what text, assignee text, candidate_users text[],
    candidate_groups text[], names jsonb, answer jsonb, by jsonb, reason text, fault jsonb)
  JOIN fenced x ON x.id = e.run_id
  CROSS JOIN LATERAL (SELECT e.what = 'assign' AND e.candidate_users IS NULL AND e.candidate_groups IS NULL AND EXISTS (
    SELECT FROM tasks t JOIN users u ON u.tenant = t.tenant AND u.name = assignee_of(t.tenant, e.assignee, false) AND u.id::text = ANY(t.excluded)
    WHERE t.tenant = x.tenant AND t.id = e.task_id) AS to_excluded) g),
kept AS (
  UPDATE tasks t SET undo_until = clock_timestamp() FROM escalations e
  WHERE t.tenant = e.tenant AND t.id = e.task_id AND e.what IN ('answer', 'fail') AND t.status = 'completed' AND t.undo_until > clock_timestamp()),
escalated AS (
  UPDATE tasks t SET
    status = CASE e.what WHEN 'answer' THEN 'completed' WHEN 'fail' THEN 'expired' WHEN 'assign' THEN 'open' ELSE t.status END,
    version = t.version + CASE e.what WHEN 'notify' THEN 0 ELSE 1 END,
    claimed_by = CASE e.what WHEN 'notify' THEN t.claimed_by END, claimed_until = CASE e.what WHEN 'notify' THEN t.claimed_until END,
    assignee = CASE e.what WHEN 'assign' THEN assignee_of(e.tenant, e.assignee, e.candidate_users IS NOT NULL OR e.candidate_groups IS NOT NULL) ELSE t.assignee END,
    assigned_for = CASE e.what WHEN 'assign' THEN e.assignee ELSE t.assigned_for END,
    candidate_users = CASE e.what WHEN 'assign' THEN e.candidate_users ELSE t.candidate_users END,
    candidate_groups = CASE e.what WHEN 'assign' THEN e.candidate_groups ELSE t.candidate_groups END,
    answer = CASE e.what WHEN 'answer' THEN e.answer END, decided_by = CASE e.what WHEN 'answer' THEN e.by END,
    ended_at = CASE WHEN e.what IN ('answer', 'fail') THEN clock_timestamp() END
  FROM escalations e
  WHERE t.tenant = e.tenant AND t.id = e.task_id AND t.status IN ('open', 'claimed')
  RETURNING t.tenant, t.id, t.run_id, t.assignee, t.assigned_for, t.candidate_users, t.candidate_groups, t.excluded, t.path, t.iteration, t.workflow, t.workflow_version, t.screen, t.title, t.subject, t.instructions, t.props, t.suggestion, t.ended_at, e.step, e.what, e.names, e.answer, e.by, e.reason, e.fault, new_id() AS entry),
escalated_history AS (
  INSERT INTO task_history (tenant, task_id, id, kind, actor, details)
  SELECT tenant, id, entry, CASE what WHEN 'assign' THEN 'reassigned' WHEN 'notify' THEN 'escalated' WHEN 'answer' THEN 'completed' ELSE 'expired' END, by,
    jsonb_strip_nulls(jsonb_build_object('step', step, 'names', names, 'reason', reason, 'to', CASE what WHEN 'assign' THEN assignee END,
      'for', CASE what WHEN 'assign' THEN nullif(assigned_for, assignee) END, 'isNobodyThere', CASE what WHEN 'assign' THEN ${nobodyIsThere('tenant')} END,
      'isNobodyLeft', CASE WHEN what IN ('assign', 'notify') THEN ${ifNobodyIsLeft('escalated', 'escalated.tenant')} END, 'toUsers', CASE what WHEN 'assign' THEN candidate_users END,
      'toGroups', CASE what WHEN 'assign' THEN candidate_groups END))
  FROM escalated),
escalated_told AS (
  INSERT INTO outbox (tenant, run_id, kind, dedupe_key, payload)
  SELECT tenant, run_id, CASE what WHEN 'answer' THEN 'task.completed' ELSE 'task.expired' END, 'task:' || id,
    CASE what WHEN 'answer' THEN jsonb_build_object('taskId', id, 'answer', answer, 'by', by) ELSE jsonb_build_object('taskId', id, 'reason', reason, 'fault', fault) END
  FROM escalated WHERE what IN ('answer', 'fail')),
decided_by_time AS MATERIALIZED (
  SELECT * FROM escalated WHERE what IN ('answer', 'fail'))${recordsDecision({
    ...{ source: 'decided_by_time', tenant: 'decided_by_time.tenant', kind: "CASE what WHEN 'answer' THEN 'completed' ELSE 'expired' END" },
    ...{ actor: 'by', at: 'ended_at', answer: 'answer', reason: 'reason' },
  })}`;

/** As a rule all runs are committed, and nothing was said to them: then their number says it all, and nothing is written, sent or read for each. */
const RESULT = `,
moved AS (
  UPDATE runs r SET
    last_seq = x.last_seq,
    status = CASE WHEN x.ends OR x.releases THEN x.intent_status ELSE r.status END,
    worker = CASE WHEN x.ends OR x.releases THEN NULL ELSE r.worker END,
    wait_reasons = CASE WHEN x.releases THEN string_to_array(x.reasons, ',') ELSE r.wait_reasons END,
    priority = CASE WHEN x.releases THEN coalesce(x.priority, x.own_priority) ELSE r.priority END,
    own_priority = CASE WHEN NOT x.releases THEN r.own_priority WHEN x.priority IS NOT NULL THEN x.own_priority END,
    due_at = CASE WHEN x.releases THEN to_timestamp(x.due_at / 1000) ELSE r.due_at END,
    error_code = CASE WHEN x.ends OR x.releases THEN x.error_code ELSE r.error_code END,
    error_message = CASE WHEN x.ends OR x.releases THEN x.error_message ELSE r.error_message END,
    ended_at = CASE WHEN x.ends THEN clock_timestamp() ELSE r.ended_at END,
    cancel_requested_at = CASE WHEN x.cancel_requested THEN coalesce(r.cancel_requested_at, clock_timestamp()) ELSE r.cancel_requested_at END,
    crashes = CASE WHEN x.ends THEN NULL WHEN NOT x.releases THEN r.crashes WHEN x.has_incident THEN r.crashes[1:${SUSPECT_FROM}] END,
    needs = CASE WHEN r.crashes IS NOT NULL AND (x.ends OR x.releases AND NOT x.has_incident) THEN ${withoutIsolation('r')} ELSE r.needs END
  FROM fenced x WHERE r.tenant = x.tenant AND r.id = x.id
  RETURNING r.id, r.attention, r.status, r.attention <> x.attention AS is_news)
SELECT count(*)::int AS committed, CASE WHEN count(*) < cardinality($2::uuid[]) THEN array_agg(id) END AS ids, array_agg(id) FILTER (WHERE is_news) AS news_of,
  array_agg(attention) FILTER (WHERE is_news) AS attentions, array_agg(status) FILTER (WHERE is_news) AS statuses
FROM moved`;

/** What became of a batch. Null stands for none. */
interface Flushed {
  /** How many runs were committed. */
  readonly committed: number;
  /** Which, when others were fenced. */
  readonly ids: readonly string[] | null;
  /** Those of them to which something was said, and how they stand. */
  readonly news_of: readonly string[] | null;
  readonly attentions: readonly number[] | null;
  readonly statuses: readonly RunStatus[] | null;
}

/** Facts and run rows only: the common case. */
export const FLUSH: Statement = statement('flush', CORE + RESULT);
/** With messages read from inboxes: what resumes a run. */
export const FLUSH_WITH_INBOX: Statement = statement('flush-with-inbox', CORE + CONSUMED + RESULT);
/** With tasks, events, waits for them, dispatches or children as well. An end alone needs none of them, and under load nearly every batch has one. */
export const FLUSH_WITH_EFFECTS: Statement = statement('flush-with-effects', CORE + CONSUMED + effects(CLOSES_OPEN) + RESULT);
/** That names what it closes as well, which may be a task with a decision that is held. */
export const FLUSH_WITH_WITHDRAWALS: Statement = statement('flush-with-withdrawals', CORE + CONSUMED + effects(CLOSES_DECIDED) + RESULT);

/** With tasks whose time is over as well: rare. */
export const FLUSH_WITH_ESCALATIONS: Statement = statement(
  'flush-with-escalations',
  CORE + CONSUMED + effects(CLOSES_DECIDED) + ESCALATIONS + RESULT,
);

/** @returns one row per committed run, in their order; a run that is absent was fenced */
export async function flush(sql: Sql, commits: readonly RunCommit[]): Promise<FlushedRun[]> {
  const [flushed] = await sql.query<Flushed>(...statementFor(commits));
  const { committed = 0, ids, news_of, attentions, statuses } = flushed ?? {};
  const kept = committed < commits.length ? new Set(ids) : undefined;
  const news = new Map(
    news_of?.map((id, index) => [id, { id, attention: attentions?.[index] as number, status: statuses?.[index] as RunStatus }]),
  );
  const asWanted = (commit: RunCommit): FlushedRun => ({ id: commit.runId, attention: commit.attention, status: statusOf(commit) });
  return (kept ? commits.filter(({ runId }) => kept.has(runId)) : commits).map((commit) => news.get(commit.runId) ?? asWanted(commit));
}

/** The shortest that does all that the commits ask for. */
function statementFor(commits: readonly RunCommit[]): [Statement, unknown[]] {
  if (commits.some(({ escalations }) => escalations !== undefined && escalations.length > 0))
    return [
      FLUSH_WITH_ESCALATIONS,
      [...coreValues(commits), ...inboxValues(commits), ...effectValues(commits), JSON.stringify(commits.flatMap(escalationsOf))],
    ];
  if (commits.some(hasEffects))
    return [
      commits.some(isCanceling) ? FLUSH_WITH_WITHDRAWALS : FLUSH_WITH_EFFECTS,
      [...coreValues(commits), ...inboxValues(commits), ...effectValues(commits)],
    ];
  if (commits.some(({ consumed }) => consumed.length > 0)) return [FLUSH_WITH_INBOX, [...coreValues(commits), ...inboxValues(commits)]];
  return [FLUSH, coreValues(commits)];
}

function hasEffects(commit: RunCommit): boolean {
  return (
    commit.tasks.length > 0 ||
    commit.events.length > 0 ||
    commit.dispatches.length > 0 ||
    commit.waits.length > 0 ||
    commit.settled.length > 0 ||
    commit.children.length > 0 ||
    commit.messages.length > 0 ||
    isCanceling(commit) ||
    closesRows(commit)
  );
}

function escalationsOf({ runId, escalations = [] }: RunCommit): readonly object[] {
  return escalations.map(({ taskId, ...escalation }) => {
    const row = { run_id: runId, task_id: taskId, ...escalation };
    if (escalation.what === 'answer') return { ...row, by: BY_DEFAULT };
    if (escalation.what !== 'assign') return row;
    // Its columns without a name would open it to everybody.
    if (!escalation.assignment) return { ...row, what: 'notify', names: [], reason: 'The step names nobody.' };
    const { assignee, candidateUsers, candidateGroups } = escalation.assignment;
    return { ...row, assignee, candidate_users: candidateUsers, candidate_groups: candidateGroups };
  });
}

function isCanceling({ canceled }: RunCommit): boolean {
  return canceled !== undefined && canceled.length > 0;
}

function closesRows({ intent }: RunCommit): boolean {
  return intent.kind === 'end' && intent.closesRows;
}

function coreValues(commits: readonly RunCommit[]): unknown[] {
  const places: number[] = [];
  const seqs: number[] = [];
  const rows: JournalRow[] = [];
  let place = 0;
  for (const { facts, lastSeq } of commits) {
    place++;
    for (let index = 0; index < facts.length; index++) {
      places.push(place);
      seqs.push(lastSeq + 1 + index);
      rows.push(facts[index] as JournalRow);
    }
  }
  const run = <T>(read: (commit: RunCommit) => T): T[] => commits.map(read);
  const fact = <T>(read: (row: JournalRow) => T): T[] => rows.map(read);
  return [
    run((commit) => commit.tenant),
    run((commit) => commit.runId),
    run((commit) => commit.epoch),
    run((commit) => commit.lastSeq),
    run((commit) => commit.facts.length),
    run((commit) => commit.attention),
    run(statusOf),
    sparse(commits, ({ intent }) => (intent.kind === 'release' ? intent.reasons.join(',') : null)),
    sparse(commits, ({ intent }) => (intent.kind === 'release' ? intent.dueAt : null)),
    sparse(commits, ({ intent }) => (intent.kind === 'continue' ? null : intent.errorCode)),
    sparse(commits, ({ intent }) => (intent.kind === 'continue' ? null : intent.errorMessage)),
    sparse(commits, ({ cancelRequested }) => cancelRequested || null),
    sparse(commits, ({ intent }) => (intent.kind === 'release' ? (intent.priority ?? null) : null)),
    places,
    seqs,
    fact((row) => row.type),
    fact((row) => row.path),
    sparse(rows, ({ iteration }) => iteration || null),
    fact((row) => row.attempt),
    `[${fact((row) => (row.blob === undefined ? row.payload : 'null')).join(',')}]`,
    sparse(rows, ({ blob }) => blob ?? null),
  ];
}

function statusOf({ intent }: RunCommit): RunStatus {
  if (intent.kind === 'end') return intent.status;
  if (intent.kind === 'continue') return 'running';
  return intent.isPaused ? 'paused' : 'waiting';
}

function inboxValues(commits: readonly RunCommit[]): unknown[] {
  const consumed = commits.flatMap((commit) => commit.consumed.map((id) => ({ runId: commit.runId, id })));
  return [consumed.map((one) => one.runId), consumed.map((one) => one.id)];
}

function effectValues(commits: readonly RunCommit[]): unknown[] {
  const events = commits.flatMap((commit) => commit.events.map((event) => ({ runId: commit.runId, event })));
  return [
    `[${commits.flatMap((commit) => commit.tasks.map((task) => taskText(commit, task))).join(',')}]`,
    commits.filter((commit) => isCanceling(commit) || closesRows(commit)).map((commit) => commit.runId),
    events.map((one) => one.runId),
    events.map((one) => one.event.id),
    events.map((one) => one.event.name),
    events.map((one) => one.event.payload),
    events.map((one) => one.event.idempotencyKey),
    events.map((one) => one.event.path),
    JSON.stringify(
      commits.flatMap((commit) =>
        commit.dispatches.map((one) => ({ ...one, run_id: commit.runId, needs: `${commit.workflow}@${commit.version}` })),
      ),
    ),
    commits.flatMap((commit) => commit.canceled ?? []),
    JSON.stringify(commits.flatMap((commit) => commit.waits.map((wait) => ({ ...wait, run_id: commit.runId })))),
    JSON.stringify(
      commits.flatMap((commit) =>
        commit.settled.map(({ waitId, eventId, as }) => ({ run_id: commit.runId, wait_id: waitId, event_id: eventId, outcome: as })),
      ),
    ),
    JSON.stringify(
      commits.flatMap((commit) =>
        commit.children.map(({ isAwaited, permitKey, ...child }) => ({
          ...child,
          run_id: commit.runId,
          is_awaited: isAwaited,
          permit_key: permitKey,
        })),
      ),
    ),
    JSON.stringify(
      commits.flatMap((commit) =>
        commit.messages.map(({ runId, dedupeKey, atEnd, ...message }) => ({
          ...message,
          run_id: commit.runId,
          to_run: runId,
          dedupe_key: dedupeKey,
          at_end: atEnd,
        })),
      ),
    ),
  ];
}

function taskText(
  commit: RunCommit,
  { props, form, suggestion = 'null', dueAt, undoMs, followUpAt, assignment, refusesOwnWork, asksAuthor, reviews, ...rest }: TaskRow,
): string {
  const { assignee, candidateUsers, candidateGroups } = assignment ?? {};
  const row = {
    ...rest,
    ...(assignment ? { assignee, candidate_users: candidateUsers, candidate_groups: candidateGroups } : {}),
    ...(followUpAt === undefined ? {} : { follow_up_at: new Date(followUpAt).toISOString() }),
    ...(refusesOwnWork ? { refuses_own_work: true } : {}),
    ...(asksAuthor ? { asks_author: true } : {}),
    ...(reviews ? { reviews: { ...reviews, given: [], isDisputed: false } } : {}),
    run_id: commit.runId,
    workflow: commit.workflow,
    version: commit.version,
    due_at: dueAt === null ? null : new Date(dueAt).toISOString(),
    undo_ms: undoMs,
  };
  return `${JSON.stringify(row).slice(0, -1)},"props":${props},"form":${form},"suggestion":${suggestion}}`;
}
