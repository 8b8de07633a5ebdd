/**
 * The flush in memory, with the rules of `storage/queries/flush.query.ts`: only the owner of the epoch commits, and only behind the last
 * fact that it knows of; giving up the lease is a compare-and-set on `attention`; what has ended never changes. It is prepared and applied
 * in two steps, because in a transaction of a step's own the answer comes before the commit.
 */
import type { Json, RunStatus, WaitReason } from '@stepwell/contracts';
import type { EventWaitDraft, TaskEscalationDraft } from '../facts/fact.js';
import { BY_DEFAULT } from '../facts/escalation.facts.js';
import { type CommitOutcome, type RunCommit, UnstorableError } from '../ports/run-commit.js';
import { inIsolation, ISOLATION, SUSPECT_FROM } from '../ports/suspicion.js';
import { startersOf } from './memory-starters.js';
import { insertRun } from './memory-starts.js';
import { copyOf, type MemoryRows, type MemoryRun } from './memory-rows.js';

export interface PreparedCommit {
  readonly outcome: CommitOutcome;
  readonly apply: () => void;
}

const FENCED: PreparedCommit = { outcome: undefined, apply: () => undefined };

/** @throws UnstorableError as PostgreSQL would refuse it */
export function prepareCommit(rows: MemoryRows, commit: RunCommit): PreparedCommit {
  const { intent } = commit;
  refuseUnstorable(commit);
  const run = rows.runs.get(commit.runId);
  if (!run || run.tenant !== commit.tenant || run.epoch !== commit.epoch || run.lastSeq !== commit.lastSeq || run.status !== 'running')
    return FENCED;
  const hasReadAll = run.attention === commit.attention;
  const ends = intent.kind === 'end' && hasReadAll;
  const releases = intent.kind === 'release' && hasReadAll;
  const status: RunStatus = ends ? intent.status : releases ? (intent.isPaused ? 'paused' : 'waiting') : 'running';
  const apply = (): void => {
    const facts = intent.kind === 'end' && !ends ? commit.facts.slice(0, -1) : commit.facts;
    for (const { type, path, iteration, attempt, payload } of facts)
      rows.addFact(run.id, { seq: ++run.lastSeq, type, path, iteration, attempt, payload });
    writeRows(rows, run, commit, ends);
    if (commit.cancelRequested) run.cancelRequestedAt ??= rows.now();
    if (intent.kind === 'continue' || !(ends || releases)) return;
    run.worker = null;
    run.errorCode = intent.errorCode;
    run.errorMessage = intent.errorMessage;
    if (intent.kind === 'release') {
      [run.waitReasons, run.dueAt] = [intent.reasons, intent.dueAt];
      rank(run, intent.priority);
    } else run.endedAt = rows.now();
    acquit(run, intent.kind === 'release' ? intent.reasons : []);
    rows.setStatus(run, status);
  };
  return { outcome: { id: run.id, attention: run.attention, status }, apply };
}

/** A step that the run waits at lends it its priority. */
function rank(run: MemoryRun, priority: number | undefined): void {
  const own = run.ownPriority ?? run.priority;
  run.priority = priority ?? own;
  run.ownPriority = priority === undefined ? null : own;
}

/** Who ends or waits is no suspect any more; in an incident it stays one, and only the proof is forgotten. */
function acquit(run: MemoryRun, reasons: readonly WaitReason[]): void {
  if (reasons.includes('incident')) run.crashes = run.crashes.slice(0, SUSPECT_FROM);
  else [run.crashes, run.needs] = [[], withoutIsolation(run.needs)];
}

export function withoutIsolation(needs: string): string {
  return needs.startsWith(ISOLATION) ? needs.slice(ISOLATION.length) : needs;
}

function writeRows(rows: MemoryRows, run: MemoryRun, commit: RunCommit, ends: boolean): void {
  const { tenant, id: runId } = run;
  const consumed = new Set(commit.consumed);
  if (consumed.size > 0) rows.inboxes.set(runId, (rows.inboxes.get(runId) ?? []).filter((message) => !consumed.has(message.id))); // prettier-ignore
  closeRows(rows, run, new Set(commit.canceled ?? []), ends);
  for (const { props, form, suggestion = 'null', reviews, refusesOwnWork, ...task } of commit.tasks)
    rows.tasks.set(task.id, {
      ...task,
      ...(reviews ? { reviews: { ...reviews, given: [], isDisputed: false } } : {}),
      tenant,
      runId,
      excluded: refusesOwnWork ? startersOf(rows, runId) : null,
      props: json(props),
      form: json(form),
      suggestion: json(suggestion),
      undoUntil: null,
      status: 'open',
      answer: null,
      decidedBy: null,
      endedAt: 0,
    });
  for (const escalation of commit.escalations ?? []) escalate(rows, run, escalation);
  for (const { id, name, payload, idempotencyKey } of commit.events)
    rows.events.set(id, { tenant, id, name, payload: json(payload), idempotencyKey, sourceRun: runId, actor: null, emittedAt: rows.now(), routed: false }); // prettier-ignore
  const isSuspect = run.crashes.length >= SUSPECT_FROM;
  for (const dispatch of commit.dispatches) {
    const needs = `${commit.workflow}@${commit.version}`;
    const blame = { needs: isSuspect ? inIsolation(needs) : needs, crashes: run.crashes.slice(0, SUSPECT_FROM) };
    const priority = dispatch.priority ?? run.ownPriority ?? run.priority;
    rows.dispatches.set(dispatch.id, { ...dispatch, ...blame, priority, tenant, runId, status: 'queued', worker: null, epoch: 0 });
  }
  for (const wait of commit.waits)
    rows.waits.set(wait.id, { tenant, runId, id: wait.id, event: wait.event, match: copyOf(wait.match) as Record<string, Json>, since: sinceOf(rows, run, wait), lookedUp: false }); // prettier-ignore
  for (const { waitId, eventId, as } of commit.settled) {
    const delivery = rows.deliveries.get(`${eventId} wait:${waitId}`);
    if (delivery) delivery.status = as;
  }
  for (const { isAwaited, worker = null, ...child } of commit.children) {
    const about = { tenant, worker, actor: null, causeEvent: null, causeRun: runId, key: null, input: JSON.stringify(child.input) };
    insertRun(rows, { ...child, ...about, startedBy: 'parent' }, isAwaited ? runId : null);
  }
  for (const { runId: toRun, kind, dedupeKey, payload, atEnd } of commit.messages)
    if (ends || !atEnd) rows.outbox.push({ tenant, toRun, kind, dedupeKey, payload: copyOf(payload) });
}

/** As the database's trigger has it. */
const UNDO_GRACE_MS = 60_000;

/** The row is the judge: of a task that is decided already nothing is said. */
function escalate(rows: MemoryRows, { tenant, id: toRun }: MemoryRun, escalation: TaskEscalationDraft): void {
  const { taskId } = escalation;
  const task = rows.tasks.get(taskId);
  // A decision that is held in its undo window then stands: nothing would come after it.
  if (task?.undoUntil && (escalation.what === 'answer' || escalation.what === 'fail'))
    task.undoUntil = Math.min(task.undoUntil, rows.now());
  if (task?.status !== 'open') return;
  const tell = (kind: string, payload: Json) => rows.outbox.push({ tenant, toRun, kind, dedupeKey: `task:${taskId}`, payload });
  if (escalation.what === 'assign' && escalation.assignment) task.assignment = escalation.assignment;
  if (escalation.what === 'answer') {
    Object.assign(task, { status: 'completed', answer: copyOf(escalation.answer), decidedBy: BY_DEFAULT, endedAt: rows.now() });
    tell('task.completed', { taskId, answer: copyOf(escalation.answer), by: { ...BY_DEFAULT } });
  }
  if (escalation.what === 'fail') {
    task.status = 'expired';
    tell('task.expired', { taskId, reason: escalation.reason, fault: copyOf(escalation.fault ?? null) });
  }
}

function closeRows(rows: MemoryRows, { id: runId }: MemoryRun, canceled: ReadonlySet<string>, ends: boolean): void {
  if (!ends && canceled.size === 0) return;
  const isClosed = (row: { readonly runId: string; readonly id: string }) => row.runId === runId && (ends || canceled.has(row.id));
  for (const task of rows.tasks.values()) {
    const isHeld =
      task.status === 'completed' && canceled.has(task.id) && task.undoUntil !== null && rows.now() < task.undoUntil + UNDO_GRACE_MS;
    if ((task.status === 'open' || isHeld) && isClosed(task)) Object.assign(task, { status: 'canceled', answer: null, decidedBy: null });
  }
  for (const table of [rows.dispatches, rows.waits]) for (const row of table.values()) if (isClosed(row)) table.delete(row.id);
}

function sinceOf(rows: MemoryRows, run: MemoryRun, { since }: EventWaitDraft): number {
  if (since === 'registration') return rows.now();
  if (since === 'lineage') return rows.runs.get(run.lineageRoot)?.createdAt ?? run.createdAt;
  return since === 'start' ? run.createdAt : since;
}

function json(text: string): Json {
  return JSON.parse(text) as Json;
}

/** What PostgreSQL takes into no `jsonb`: NUL, and half a pair of surrogates. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** @returns what a store has against a JSON text; `undefined` when it takes it */
export function unstorable(text: string): string | undefined {
  if (!text.includes('\\u')) return undefined;
  return UNSTORABLE.test(text) ? 'unsupported Unicode escape sequence' : undefined;
}

function refuseUnstorable({ facts, events, tasks }: RunCommit): void {
  const texts = [...facts, ...events].map(({ payload }) => payload);
  for (const { props, form, suggestion = '', title, subject } of tasks)
    texts.push(props, form, suggestion, JSON.stringify([title, subject]));
  for (const text of texts) {
    const reason = unstorable(text);
    if (reason !== undefined) throw new UnstorableError(`The database cannot store it: ${reason}`);
  }
}
