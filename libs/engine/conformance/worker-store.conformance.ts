/** What every adapter of the ports `WorkerStore` and `EventStore` must do. An adapter's spec calls this with a harness. */
import type { Json, RunStatus } from '@stepwell/contracts';
import type { TaskEscalationDraft } from '../facts/fact.js';
import type { EventStore, Routed } from '../ports/event-store.port.js';
import { UnstorableError, type Intent, type JournalRow, type RunCommit } from '../ports/run-commit.js';
import type { ClaimedRun } from '../ports/run-leases.port.js';
import type { NewRun } from '../ports/run-starts.port.js';
import { inIsolation } from '../ports/suspicion.js';
import type { WorkerStore } from '../ports/worker-store.port.js';
import { sessionsConformance } from './sessions.conformance.js';
import { stepKeysConformance } from './step-keys.conformance.js';

export interface StoredRun {
  readonly status: RunStatus;
  readonly epoch: number;
  readonly worker: string | null;
}

export interface WorkerStoreHarness {
  readonly store: WorkerStore;
  readonly events: EventStore;
  newId(): string;
  insertRun(run: NewRun): Promise<void>;
  /** An event from outside. @returns its id */
  emit(name: string, payload: Json): Promise<string>;
  /** A workflow of version 1 starts on the event. */
  listen(event: string, workflow: string): Promise<void>;
  run(id: string): Promise<StoredRun>;
  /** The statuses of a run's tasks. */
  tasks(runId: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

const TENANT = 'default';
const LONG = 60_000;

export function workerStoreConformance(adapter: string, prepare: () => Promise<WorkerStoreHarness>): void {
  describe(`${adapter} as the store of a worker`, () => {
    let harness: WorkerStoreHarness;
    let store: WorkerStore;
    let flows = 0;
    /** Each test has a workflow of its own, so that none claims what is another's. */
    let flow: string;
    let worker: string;

    beforeAll(async () => {
      harness = await prepare();
      ({ store } = harness);
    });
    afterAll(() => harness.close());
    beforeEach(async () => {
      flow = `flow-${++flows}`;
      worker = await hire();
    });

    const hire = async (leaseMs = LONG, roles = ['worker']): Promise<string> => {
      const id = harness.newId();
      await store.workers.register({ id, host: 'here', pid: 1, roles, queues: ['default'], hosts: [] }, leaseMs);
      return id;
    };
    const started = async (more: Partial<NewRun> = {}): Promise<string> => {
      const id = more.id ?? harness.newId();
      const about = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, key: null } as const;
      const terms = { priority: 0, permitKey: null, input: '{"n":1}', worker: null, queue: 'default' };
      await harness.insertRun({ tenant: TENANT, id, workflow: flow, version: 1, ...about, ...terms, ...more });
      return id;
    };
    const needs = () => [`${flow}@1`];
    const claimAll = async (by = worker, limit = 50, wanted = needs()): Promise<readonly ClaimedRun[]> =>
      (await store.runs.claim({ worker: by, queues: ['default'], needs: wanted, limit })).runs;
    const claimOne = async (): Promise<ClaimedRun> => {
      const id = await started();
      const run = (await claimAll()).find((one) => one.id === id);
      if (!run) throw new Error('Nothing was claimed.');
      return run;
    };
    const fact = (type: string, payload: Json = null): JournalRow => {
      return { type, path: 'one', iteration: '', attempt: 1, payload: JSON.stringify(payload) };
    };
    const commitOf = (run: ClaimedRun, more: Partial<RunCommit> = {}): RunCommit => ({
      ...{
        tenant: run.tenant,
        runId: run.id,
        epoch: run.epoch,
        lastSeq: run.last_seq,
        attention: run.attention,
        workflow: flow,
        version: 1,
      },
      ...{ facts: [], intent: { kind: 'continue' }, cancelRequested: false, consumed: [], tasks: [], events: [], dispatches: [] },
      ...{ waits: [], children: [], messages: [], settled: [], canceled: [] },
      ...more,
    });
    const commit = (run: ClaimedRun, more: Partial<RunCommit> = {}) => store.committer.commit(commitOf(run, more));
    const wait = (dueAt: number | null = null): Intent => ({
      kind: 'release',
      reasons: ['timer'],
      dueAt,
      errorCode: null,
      errorMessage: null,
    });
    const end = (closesRows = false): Intent => ({ kind: 'end', status: 'completed', errorCode: null, errorMessage: null, closesRows });
    const types = async (id: string) => (await store.journals.read([{ tenant: TENANT, id }])).get(id)?.map(({ type }) => type);
    const say = (runId: string, dedupeKey: string, payload: Json = {}) =>
      store.journals.append({ tenant: TENANT, runId, kind: 'cancel.requested', dedupeKey, payload });
    const inbox = async (id: string) => {
      const messages = (await store.journals.inboxes([{ tenant: TENANT, id }])).get(id) ?? [];
      // Whatever came has raised it: a worker does not read the inbox of a run whose attention is what it was.
      const [run] = await store.runs.watch([{ tenant: TENANT, id }]);
      if (messages.length > 0) expect(run?.attention).toBeGreaterThan(0);
      return messages;
    };
    const task = (id: string) => {
      const about = {
        screen: 's',
        title: 't',
        subject: '',
        instructions: null,
        priority: 0,
        dueAt: null,
        undoMs: null,
        props: '{}',
        form: '{}',
      };
      return { id, path: 'one', iteration: '', ...about };
    };

    describe('claims', () => {
      it('give each run to one worker, with the next epoch and the first fact', async () => {
        const id = await started();
        const [run, ...rest] = await claimAll();
        expect(rest).toEqual([]);
        expect(run).toMatchObject({ id, epoch: 1, attention: 0, last_seq: 1, lineage_root: id, parent_run: null, due_at: null });
        expect(await harness.run(id)).toMatchObject({ status: 'running', worker });
        expect(await claimAll(await hire())).toEqual([]);
        expect((await store.journals.read([{ tenant: TENANT, id }])).get(id)).toMatchObject([
          { seq: 1, type: 'run.started', version: 1, payload: { input: { n: 1 } } },
        ]);
      });

      it('take higher priorities first, then the older run, and only what the worker hosts', async () => {
        const [old, young] = [await started(), await started()];
        const urgent = await started({ priority: 5 });
        expect(await claimAll(worker, 50, ['another@1'])).toEqual([]);
        const order: string[] = [];
        for (let count = 0; count < 3; count++) for (const run of await claimAll(worker, 1)) order.push(run.id);
        expect(order).toEqual([urgent, old, young]);
      });

      it('go by the priority of the step that a run waits at, until it waits elsewhere', async () => {
        const [first, second] = [await claimOne(), await claimOne()];
        await commit(first, { intent: wait() });
        await commit(second, { intent: { ...wait(), priority: 7 } as Intent });
        for (const { id } of [first, second]) await say(id, 'wake');
        const [urgent] = await claimAll(worker, 1);
        expect(urgent?.id).toBe(second.id);
        const [plain] = await claimAll(worker, 1);
        const between = await started({ priority: 3 });
        for (const run of [urgent, plain] as ClaimedRun[]) {
          const consumed = (await inbox(run.id)).map(({ id }) => id);
          await commit(run, { intent: wait(), consumed });
          await say(run.id, 'again');
        }
        const order: string[] = [];
        for (let count = 0; count < 3; count++) for (const run of await claimAll(worker, 1)) order.push(run.id);
        expect(order).toEqual([between, first.id, second.id]);
      });

      it('say whether more are queued', async () => {
        await started();
        await started();
        const first = await store.runs.claim({ worker, queues: ['default'], needs: needs(), limit: 1 });
        const second = await store.runs.claim({ worker, queues: ['default'], needs: needs(), limit: 5 });
        expect([first.hasRest, second.hasRest]).toEqual([true, false]);
      });

      it('take some of each queue, however much is in another, and with a single place by turns', async () => {
        const queues = [`first of ${flow}`, `second of ${flow}`];
        for (const queue of queues) for (let i = 0; i < 8; i++) await started({ queue, tenant: `tenant of ${queue}` });
        const from = async (limit: number, turn: number) =>
          (await store.runs.claim({ worker, queues, needs: needs(), limit, turn })).runs.map(({ queue }) => queues.indexOf(queue)).sort();
        expect(await from(4, 0)).toEqual([0, 0, 1, 1]);
        expect([...(await from(1, 0)), ...(await from(1, 1))].sort()).toEqual([0, 1]);
      });

      it('take no more than there is room for, and some of each kind', async () => {
        for (const run of [await claimOne(), await claimOne()]) await commit(run, { intent: wait(1_000) });
        for (let count = 0; count < 2; count++) await started();
        const due = (await claimAll(worker, 2)).map(({ due_at }) => due_at);
        expect(due.sort()).toEqual([1_000, null]);
        expect(await claimAll(worker, 9)).toHaveLength(2);
      });

      it('take a waiting run when its timer is due, and tell which timer that was', async () => {
        const late = await claimOne();
        await commit(late, { intent: wait(1_000) });
        expect((await store.runs.nextDue(['default'], { ordinary: needs(), inIsolation: [] })).inMs).toBeLessThan(0);
        expect(await claimAll()).toMatchObject([{ id: late.id, due_at: 1_000, epoch: late.epoch + 1 }]);
        const early = await claimOne();
        await commit(early, { intent: wait(4_000_000_000_000) });
        expect(await claimAll()).toEqual([]);
        expect((await store.runs.nextDue(['default'], { ordinary: needs(), inIsolation: [] })).inMs).toBeGreaterThan(0);
      });

      it('grant no more places than a cap has, and free them with the wait', async () => {
        expect(await store.runs.registerCaps([{ workflow: flow, capacity: 1, heldUntil: 'wait' }])).toBe(1);
        await started({ permitKey: 'k' });
        await started({ permitKey: 'k' });
        const take = async () => (await store.runs.claim({ worker, queues: ['default'], needs: needs(), limit: 5, isCapped: true })).runs;
        const [first, ...rest] = await take();
        expect(rest).toEqual([]);
        expect(await take()).toEqual([]);
        await commit(first as ClaimedRun, { intent: wait() });
        expect(await take()).toHaveLength(1);
      });

      it('take a capped run without a place only to end at once: to hear its cancel, or one that forces it', async () => {
        await store.runs.registerCaps([{ workflow: flow, capacity: 1, heldUntil: 'wait' }]);
        const take = async () => (await store.runs.claim({ worker, queues: ['default'], needs: needs(), limit: 5, isCapped: true })).runs;
        await started({ permitKey: 'k' });
        await take();
        const runId = await started({ permitKey: 'k' });
        const cancel = (dedupeKey: string) =>
          store.journals.append({ tenant: TENANT, runId, kind: 'cancel.requested', dedupeKey, payload: {} });
        await cancel('cancel');
        const [run] = (await take()) as [ClaimedRun];
        expect(run).toMatchObject({ id: runId, only_ends: true });
        const consumed = (await inbox(runId)).map(({ id }) => id);
        await commit(run, { facts: [fact('cancel.requested'), fact('ending.began')], consumed });
        await store.runs.giveBack(run);
        expect(await take()).toEqual([]);
        await cancel('forced-cancel');
        expect(await take()).toMatchObject([{ id: runId, only_ends: true }]);
      });
    });

    describe('commits', () => {
      it('write facts behind the last one', async () => {
        const run = await claimOne();
        expect(await commit(run, { facts: [fact('a'), fact('b')] })).toMatchObject({ id: run.id, attention: 0, status: 'running' });
        expect(await types(run.id)).toEqual(['run.started', 'a', 'b']);
      });

      it('are fenced by the epoch, by the last fact, and by the end; nothing of them is kept', async () => {
        const run = await claimOne();
        expect(await commit({ ...run, epoch: run.epoch - 1 }, { facts: [fact('old')], tasks: [task(harness.newId())] })).toBeUndefined();
        await commit(run, { facts: [fact('a')] });
        expect(await commit(run, { facts: [fact('a again')] })).toBeUndefined();
        expect(await commit({ ...run, last_seq: 2 }, { facts: [fact('run.ended')], intent: end() })).toMatchObject({ status: 'completed' });
        expect(await commit({ ...run, last_seq: 3 }, { facts: [fact('more')] })).toBeUndefined();
        expect(await types(run.id)).toEqual(['run.started', 'a', 'run.ended']);
        expect(await harness.tasks(run.id)).toEqual([]);
        expect(await harness.run(run.id)).toMatchObject({ status: 'completed', worker: null });
      });

      it('refuse the wait and withhold the end while something is unread', async () => {
        const run = await claimOne();
        await say(run.id, 'one');
        expect(await commit(run, { facts: [fact('a')], intent: wait() })).toMatchObject({ status: 'running', attention: 1 });
        expect(await commit({ ...run, last_seq: 2 }, { facts: [fact('b'), fact('run.ended')], intent: end() })).toMatchObject({
          status: 'running',
        });
        expect(await types(run.id)).toEqual(['run.started', 'a', 'b']);
        const consumed = (await inbox(run.id)).map(({ id }) => id);
        const last = { facts: [fact('c'), fact('run.ended')], intent: end(), consumed };
        expect(await commit({ ...run, last_seq: 3, attention: 1 }, last)).toMatchObject({ status: 'completed' });
        expect(await inbox(run.id)).toEqual([]);
      });

      it('tell of a message that is held, and until when, beside those that are to be read', async () => {
        const run = await claimOne();
        const hold = (dedupeKey: string, holdMs: number) =>
          store.journals.append({ tenant: TENANT, runId: run.id, kind: 'task.completed', dedupeKey, payload: {}, holdMs });
        await hold('over', 0);
        await hold('held', 600_000);
        const [over, held] = await inbox(run.id);
        expect(over?.held).toBeUndefined();
        expect(held?.held?.forMs).toBeGreaterThan(0);
        expect(held?.held?.forMs).toBeLessThanOrEqual(600_000);
      });

      it('open tasks, and close those of a canceled branch or of an ended run', async () => {
        const run = await claimOne();
        const [a, b] = [harness.newId(), harness.newId()];
        await commit(run, { facts: [fact('a')], tasks: [task(a), task(b)] });
        await commit({ ...run, last_seq: 2 }, { facts: [fact('b')], canceled: [a] });
        expect([...(await harness.tasks(run.id))].sort()).toEqual(['canceled', 'open']);
        await commit({ ...run, last_seq: 3 }, { facts: [fact('run.ended')], intent: end(true) });
        expect(await harness.tasks(run.id)).toEqual(['canceled', 'canceled']);
      });

      it('let the row of a task say whether its escalation still decides it, and tell the run what it says', async () => {
        const run = await claimOne();
        const taskId = harness.newId();
        await commit(run, { facts: [fact('a')], tasks: [task(taskId)] });
        const escalate = (lastSeq: number, escalation: object) =>
          commit(
            { ...run, last_seq: lastSeq },
            { facts: [fact('task.escalated')], escalations: [{ taskId, step: 1, ...escalation } as TaskEscalationDraft] },
          );
        const assignment = { assignee: 'ada', candidateUsers: null, candidateGroups: ['leads'] };
        await escalate(2, { what: 'assign', assignment });
        await escalate(3, { what: 'notify', names: ['leads'] });
        expect(await harness.tasks(run.id)).toEqual(['open']);
        await escalate(4, { what: 'answer', answer: { ok: true } });
        await escalate(5, { what: 'fail', reason: 'too late' });
        expect(await harness.tasks(run.id)).toEqual(['completed']);
        await harness.events.deliverOutbox();
        expect(await inbox(run.id)).toMatchObject([
          { kind: 'task.completed', payload: { taskId, answer: { ok: true }, by: { kind: 'system' } } },
        ]);
      });

      it('leave facts that can be read node by node, and outputs run by run', async () => {
        const run = await claimOne();
        const at = (iteration: string) => ({ ...fact('child.ended', iteration), path: 'each', iteration });
        const ended = { ...fact('run.ended'), payload: '{"status":"completed","output":{"n":2}}' };
        await commit(run, { facts: [at('0'), at('1'), at('2'), ended], intent: end() });
        const facts = await store.journals.readNode({ tenant: TENANT, id: run.id }, 'each', ['1', '2', '9']);
        expect(facts.map(({ seq, iteration }) => [seq, iteration])).toEqual([[3, '1'], [4, '2']]); // prettier-ignore
        expect([...(await store.journals.outputs(TENANT, [run.id]))]).toEqual([[run.id, { n: 2 }]]);
        expect((await store.journals.outputs('elsewhere', [run.id])).size).toBe(0);
      });

      it('refuse what cannot be stored, and harm nothing', async () => {
        const run = await claimOne();
        await expect(commit(run, { facts: [fact('a', 'nul \0')] })).rejects.toThrow(UnstorableError);
        expect(await store.journals.probe([JSON.stringify('nul \0')], [])).toBeDefined();
        expect(await store.journals.probe([JSON.stringify('back\\u0000slash')], ['fine'])).toBeUndefined();
        expect(await commit(run, { facts: [fact('b')] })).toBeDefined();
        expect(await types(run.id)).toEqual(['run.started', 'b']);
      });
    });

    describe('messages', () => {
      it('come once while unread, in their order, and queue a run that waits', async () => {
        const run = await claimOne();
        await commit(run, { intent: wait() });
        expect(await say(run.id, 'one', { n: 1 })).toEqual({ kind: 'accepted', appended: true, queue: 'default' });
        expect(await say(run.id, 'one', { n: 2 })).toMatchObject({ appended: false });
        await say(run.id, 'two');
        expect(await harness.run(run.id)).toMatchObject({ status: 'queued' });
        expect((await inbox(run.id)).map(({ payload }) => payload)).toEqual([{ n: 1 }, {}]);
        expect(await claimAll()).toMatchObject([{ id: run.id, attention: 3 }]);
      });

      it('are refused by a run that has ended, which keeps late results beside its end', async () => {
        const run = await claimOne();
        const late = { tenant: TENANT, runId: run.id, path: 'one', iteration: '', attempt: 1, reason: 'late' };
        await store.journals.recordLateResult(late);
        await commit(run, { facts: [fact('run.ended')], intent: end() });
        expect(await say(run.id, 'late')).toEqual({ kind: 'run-ended' });
        await store.journals.recordLateResult(late);
        expect(await types(run.id)).toEqual(['run.started', 'run.ended', 'attempt.discarded']);
      });
    });

    describe('a pause', () => {
      const pause = (runId: string) => store.journals.pause({ tenant: TENANT, runId, by: null, reason: null });
      const resume = (runId: string) => store.journals.resume({ tenant: TENANT, runId, by: null, reason: null });
      const kinds = async (id: string) => (await inbox(id)).map(({ kind }) => kind);
      const status = async (id: string) => (await harness.run(id)).status;

      it('keeps a run from the claim and from nothing else, until it is resumed', async () => {
        const waiting = await claimOne();
        await commit(waiting, { intent: wait(1_000) });
        const queued = await started();
        for (const id of [queued, waiting.id]) {
          expect(await pause(id)).toBe('default');
          expect(await pause(id)).toBeUndefined();
          expect(await status(id)).toBe('paused');
        }
        await store.journals.append({ tenant: TENANT, runId: waiting.id, kind: 'task.completed', dedupeKey: 'answer', payload: {} });
        expect(await claimAll()).toEqual([]);
        expect((await store.runs.nextDue(['default'], { ordinary: needs(), inIsolation: [] })).inMs).toBeUndefined();
        expect(await resume(waiting.id)).toBe('default');
        expect((await claimAll()).map(({ id }) => id)).toEqual([waiting.id]);
        expect(await kinds(waiting.id)).toEqual(['pause.requested', 'task.completed', 'resume.requested']);
      });

      it('is for the owner to keep, where there is one', async () => {
        const run = await claimOne();
        await pause(run.id);
        expect(await status(run.id)).toBe('running');
        const paused: Intent = { kind: 'release', isPaused: true, reasons: [], dueAt: null, errorCode: null, errorMessage: null };
        expect(await commit(run, { facts: [fact('a')], intent: paused })).toMatchObject({ status: 'running', attention: 1 });
        expect(await commit({ ...run, last_seq: 2, attention: 1 }, { intent: paused })).toMatchObject({ status: 'paused' });
        expect(await harness.run(run.id)).toMatchObject({ status: 'paused', worker: null });
      });

      it('ends with a cancel, and does not come behind one', async () => {
        const [first, second] = [await started(), await started()];
        await pause(first);
        for (const id of [first, second]) await say(id, 'cancel');
        expect(await pause(second)).toBeUndefined();
        expect((await claimAll()).map(({ id }) => id).sort()).toEqual([first, second].sort());
        const waits = await claimOne();
        await commit(waits, { intent: wait() });
        expect(await resume(waits.id)).toBeUndefined();
      });
    });

    describe('leases', () => {
      it('are given back with the next epoch, once', async () => {
        const run = await claimOne();
        expect((await store.runs.leasedTo(worker)).map(({ id }) => id)).toEqual([run.id]);
        await store.runs.giveBack(run);
        await store.runs.giveBack(run);
        expect(await harness.run(run.id)).toEqual({ status: 'queued', epoch: run.epoch + 1, worker: null });
        expect(await commit(run, { facts: [fact('zombie')] })).toBeUndefined();
      });

      it('of a worker that ended pass on; those of one that was only not heard of, when a living one judges', async () => {
        const run = await claimOne();
        await store.workers.end(worker);
        expect([...(await store.workers.takeOver(50, null)).queues]).toEqual(['default']);
        expect(await harness.run(run.id)).toMatchObject({ status: 'queued', epoch: run.epoch + 1 });
        const silent = await hire(-1_000);
        const [again] = await claimAll(silent);
        await store.workers.takeOver(50, null);
        await store.workers.takeOver(50, await hire(LONG, ['isolated']));
        expect(await harness.run(run.id)).toMatchObject({ status: 'running' });
        await store.workers.takeOver(50, await hire());
        expect(await harness.run(run.id)).toMatchObject({ status: 'queued', epoch: (again?.epoch ?? 0) + 1 });
        expect(await store.workers.beat(silent, LONG)).toBeUndefined();
      });

      it('make a suspect of a run that two workers died with, until one of them says that it lives', async () => {
        const run = await claimOne();
        const [judge, first, second] = [await hire(), await hire(-1_000), await hire(-1_000)];
        await store.runs.giveBack(run);
        for (const dying of [first, second]) {
          expect(await claimAll(dying)).toHaveLength(1);
          await store.workers.takeOver(50, judge);
        }
        expect(await claimAll(judge)).toEqual([]);
        const suspects = { ordinary: needs(), inIsolation: needs().map(inIsolation) };
        expect(await store.runs.nextDue(['default'], suspects)).toMatchObject({ hasSuspects: true });
        await store.workers.forgive(first);
        expect(await claimAll(judge)).toHaveLength(1);
      });

      it('tell how many others live that claim from the same queue, without those in isolation', async () => {
        const about = { host: 'here', pid: 1, roles: ['worker'], queues: [`queue of ${flow}`], hosts: [] };
        const join = async (more: Partial<typeof about> = {}, leaseMs = LONG) => {
          const id = harness.newId();
          return { id, ...(await store.workers.register({ id, ...about, ...more }, leaseMs)) };
        };
        const first = await join();
        const second = await join({ queues: ['elsewhere', ...about.queues] });
        await join({ queues: [`another queue of ${flow}`] });
        await join({ roles: ['isolated'] });
        await join({}, -1_000);
        expect([first.others, second.others, (await store.workers.beat(first.id, LONG))?.others]).toEqual([0, 1, 1]);
        await store.workers.end(second.id);
        expect(await store.workers.beat(first.id, LONG)).toMatchObject({ others: 0 });
      });

      it('tell that another one is silent until it is said to be dead, or has ended', async () => {
        const about = { host: 'here', pid: 1, roles: [], queues: [], hosts: [] };
        const isOneSilent = async () => (await store.workers.beat(worker, LONG))?.isOneSilent;
        const fallSilent = async (id = harness.newId()) => (await store.workers.register({ ...about, id }, -1_000), id);
        await store.workers.takeOver(50, worker);
        expect(await isOneSilent()).toBe(false);
        await fallSilent();
        expect(await isOneSilent()).toBe(true);
        await store.workers.takeOver(50, worker);
        expect(await isOneSilent()).toBe(false);
        await store.workers.end(await fallSilent());
        expect(await isOneSilent()).toBe(false);
      });

      it('tell for how long somebody was heard: by what others said, also those who have ended since, from the second word of a newcomer on', async () => {
        const about = { host: 'here', pid: 1, roles: [], queues: [], hosts: [] };
        /** Since when somebody was heard. */
        const since = async (id: string, leaseMs: number): Promise<number> => {
          const { now, heardForMs } = (await store.workers.beat(id, leaseMs)) ?? { now: NaN, heardForMs: NaN };
          return now - heardForMs;
        };
        const now = async () => (await store.workers.beat(worker, LONG))?.now ?? NaN;
        // Who fell silent in the tests before has done so a while ago; and between two readings of one clock a busy machine puts some milliseconds.
        for (const from = await now(); (await now()) - from <= 100;);
        const before = await since(worker, LONG);
        await store.workers.end(worker);
        const [newcomer, hasty] = [harness.newId(), harness.newId()];
        expect((await store.workers.register({ ...about, id: newcomer }, LONG)).heardForMs).toBeLessThanOrEqual(0);
        expect(await since(newcomer, LONG)).toBeCloseTo(before, -2);
        // With a shorter lease one goes by nobody who is heard less often; nor by who was heard longer ago than half of it.
        await store.workers.register({ ...about, id: hasty }, 150);
        expect(await since(hasty, 150)).toBeGreaterThan(before + 50);
        await store.workers.end(hasty);
        // As if the last word were longer ago than half a lease.
        expect((await store.workers.beat(newcomer, -LONG))?.heardForMs).toBeLessThanOrEqual(0);
      });

      it('are watched by epoch and attention', async () => {
        const run = await claimOne();
        await say(run.id, 'one');
        expect(await store.runs.watch([run])).toEqual([{ id: run.id, epoch: run.epoch, attention: 1 }]);
      });
    });

    describe('dispatched steps', () => {
      const dispatched = async () => {
        const run = await claimOne();
        const dispatch = { id: harness.newId(), path: 'one', iteration: '', attempt: 1, queue: `queue of ${flow}` };
        await commit(run, { facts: [fact('step.dispatched')], dispatches: [dispatch], intent: wait() });
        const [claimed] = await store.dispatches.claim(worker, [dispatch.queue], needs(), 5);
        if (!claimed) throw new Error('The dispatch was not claimed.');
        return { run, claimed };
      };

      it('tell their end to the owner once, under their own epoch', async () => {
        const { run, claimed } = await dispatched();
        expect(claimed).toMatchObject({ run_id: run.id, epoch: 1, run_queue: 'default' });
        await store.dispatches.giveBack(claimed);
        expect(await store.dispatches.end(claimed, [])).toBe(false);
        const [again] = await store.dispatches.claim(worker, [`queue of ${flow}`], needs(), 5);
        expect(again?.epoch).toBe(3);
        expect(await store.dispatches.watch([{ tenant: TENANT, id: claimed.id }])).toEqual(new Map([[claimed.id, 3]]));
        expect(await store.dispatches.end({ ...claimed, epoch: 3 }, [fact('done')])).toBe(true);
        expect(await store.dispatches.end({ ...claimed, epoch: 3 }, [])).toBe(false);
        expect(await inbox(run.id)).toMatchObject([{ kind: 'dispatch.ended', payload: { dispatchId: claimed.id } }]);
        expect(await harness.run(run.id)).toMatchObject({ status: 'queued' });
      });

      it('are claimed by their priority, else by that of their run; the older first', async () => {
        const [run, queue] = [await claimOne(), `ranked queue of ${flow}`];
        const ids = [...Array(4)].map(() => harness.newId());
        const priorities = [-1, undefined, 2, 2];
        const dispatches = ids.map((id, index) => ({
          id,
          path: `at ${index}`,
          iteration: '',
          attempt: 1,
          queue,
          priority: priorities[index],
        }));
        await commit(run, { facts: [fact('step.dispatched')], dispatches, intent: wait() });
        const order: string[] = [];
        for (const _ of ids) for (const { id } of await store.dispatches.claim(worker, [queue], needs(), 1)) order.push(id);
        expect(order).toEqual([ids[2], ids[3], ids[1], ids[0]]);
      });

      it('of several queues are claimed as long as there is room, however many each has', async () => {
        const [run, queues] = [await claimOne(), [`long queue of ${flow}`, `short queue of ${flow}`]];
        const dispatches = [0, 0, 0, 0, 1].map((which, index) => {
          return { id: harness.newId(), path: `at ${index}`, iteration: '', attempt: 1, queue: queues[which] ?? '' };
        });
        await commit(run, { facts: [fact('step.dispatched')], dispatches, intent: wait() });
        const counts: number[] = [];
        for (const room of [4, 1, 1]) counts.push((await store.dispatches.claim(worker, queues, needs(), room)).length);
        expect(counts).toEqual([4, 1, 0]);
      });

      it('are withdrawn when their run ends', async () => {
        const { run, claimed } = await dispatched();
        await say(run.id, 'cancel');
        const [owner] = await claimAll();
        await commit(owner as ClaimedRun, { facts: [fact('run.ended')], intent: end(true) });
        expect(await store.dispatches.end(claimed, [])).toBe(false);
        expect(await store.dispatches.leasedTo(worker)).toEqual([]);
      });
    });

    describe('children and messages between runs', () => {
      const child = (id: string) => {
        return { id, workflow: flow, version: 1, queue: 'default', input: { of: 'parent' }, isAwaited: true, priority: 0, permitKey: null };
      };

      it('begin with the commit that starts them, and their end reaches the parent once', async () => {
        const parent = await claimOne();
        const id = harness.newId();
        await commit(parent, { facts: [fact('child.started')], children: [child(id)], intent: wait() });
        const [run] = await claimAll();
        expect(run).toMatchObject({ id, parent_run: parent.id, last_seq: 1 });
        const message = { runId: parent.id, kind: 'child.ended', dedupeKey: `child:${id}`, payload: { childId: id }, atEnd: true } as const;
        await say(id, 'not read');
        await commit(run as ClaimedRun, { facts: [fact('run.ended')], intent: end(), messages: [message] });
        expect(await harness.events.deliverOutbox()).toMatchObject({ delivered: 0 });
        await commit({ ...(run as ClaimedRun), attention: 1 }, { facts: [fact('run.ended')], intent: end(), messages: [message] });
        expect(await harness.events.deliverOutbox()).toMatchObject({
          delivered: 1,
          runs: [{ tenant: TENANT, id: parent.id, queue: 'default' }],
        });
        expect(await harness.events.deliverOutbox()).toEqual({ delivered: 0, runs: [] });
        expect(await inbox(parent.id)).toMatchObject([{ kind: 'child.ended', payload: { childId: id } }]);
      });

      it('begin leased to a worker where it takes them, and are claimed by nobody then', async () => {
        const parent = await claimOne();
        const [taken, queued] = [harness.newId(), harness.newId()];
        const children = [{ ...child(taken), worker }, { ...child(queued), worker: null }]; // prettier-ignore
        expect(await commit({ ...parent, epoch: 0 }, { facts: [fact('child.started')], children })).toBeUndefined();
        expect(await store.runs.leasedTo(worker)).toMatchObject([{ id: parent.id }]);
        await commit(parent, { facts: [fact('child.started')], children, intent: wait() });
        expect(await harness.run(taken)).toEqual({ status: 'running', epoch: 1, worker });
        expect((await claimAll(await hire())).map(({ id }) => id)).toEqual([queued]);
        const run = { ...parent, id: taken, epoch: 1, attention: 0, last_seq: 1 };
        expect(await commit(run, { facts: [fact('run.ended')], intent: end() })).toMatchObject({ status: 'completed' });
        expect(await types(taken)).toEqual(['run.started', 'run.ended']);
      });

      it('that end together are told of in one message; the same thing said twice in another one is said once', async () => {
        const parent = await claimOne();
        const ids = [harness.newId(), harness.newId(), harness.newId()];
        await commit(parent, { facts: [fact('child.started')], children: ids.map(child), intent: wait() });
        const runs = await claimAll();
        const [alone] = ids as [string];
        const cancel = { runId: alone, kind: 'cancel.requested', dedupeKey: 'parent-ended', payload: null, atEnd: false } as const;
        const ended = ({ id }: ClaimedRun) => {
          const message = {
            runId: parent.id,
            kind: 'child.ended',
            dedupeKey: `child:${id}`,
            payload: { childId: id },
            atEnd: true,
          } as const;
          const messages = id === alone ? [cancel, cancel] : [message];
          return { facts: [fact('a'), fact('run.ended')], intent: id === alone ? ({ kind: 'continue' } as const) : end(), messages };
        };
        await Promise.all(runs.map((run) => commit(run, ended(run))));
        for (let delivered = 1; delivered > 0;) ({ delivered } = await harness.events.deliverOutbox());
        const told = (await inbox(parent.id)).flatMap(({ kind, payload }) => (kind === 'child.ended' ? [payload] : (payload as { ends: Json[] }).ends)); // prettier-ignore
        expect(told.map((one) => (one as { childId: string }).childId).sort()).toEqual(ids.slice(1).sort());
        expect(await inbox(alone)).toMatchObject([{ kind: 'cancel.requested', payload: null }]);
      });
    });

    describe('events', () => {
      let routed: Routed;
      const listening = async (match: Record<string, Json>, of?: ClaimedRun) => {
        const run = of ?? (await claimOne());
        const id = harness.newId();
        await commit(run, {
          facts: [fact('event-wait.started')],
          waits: [{ id, event: `event of ${flow}`, match, since: 'start' }],
          intent: wait(),
        });
        return { run, waitId: id };
      };
      const pass = async () => {
        routed = await harness.events.route();
        await harness.events.lookUpWaits();
        return harness.events.deliverToWaits();
      };

      it('reach a wait that they fit, once, whichever of the two came first', async () => {
        const later = await claimOne();
        const before = await listening({ key: 'a' });
        const other = await listening({ key: 'b' });
        const eventId = await harness.emit(`event of ${flow}`, { key: 'a', more: 1 });
        expect((await pass()).runs.map(({ id }) => id)).toEqual([before.run.id]);
        expect(routed.areAwaited).toBe(true);
        await listening({}, later);
        expect(await inbox(later.id)).toEqual([]);
        await pass();
        await pass();
        expect(await inbox(before.run.id)).toMatchObject([
          { kind: 'event.arrived', payload: { waitId: before.waitId, event: { id: eventId } } },
        ]);
        expect(await inbox(later.id)).toHaveLength(1);
        expect(await inbox(other.run.id)).toEqual([]);
      });

      it('start a run at a listener once, also with a key that was used', async () => {
        const name = `event of ${flow}`;
        await harness.listen(name, flow);
        const eventId = await harness.emit(name, { n: 1 });
        expect(await harness.events.work([flow])).toMatchObject({ unrouted: true, deliveries: false });
        const routed = await harness.events.route();
        expect([routed.events > 0, routed.areAwaited, routed.workflows]).toEqual([true, false, [flow]]);
        expect(await harness.events.route()).toEqual({ events: 0, areAwaited: false, workflows: [] });
        expect(await harness.events.work([flow])).toMatchObject({ unrouted: false });
        expect(await harness.events.work([flow])).toMatchObject({ deliveries: true });
        const claimed = await harness.events.claimDeliveries([{ workflow: flow, event: name }], LONG);
        expect(claimed).toMatchObject([{ event_id: eventId, workflow: flow, attempts: 0, payload: { n: 1 } }]);
        expect(await harness.events.claimDeliveries([{ workflow: flow, event: name }], LONG)).toEqual([]);
        const about = { startedBy: 'event', actor: null, causeEvent: eventId, causeRun: null, input: '{}', worker: null } as const;
        const newRun = (id: string): NewRun => ({ tenant: TENANT, id, workflow: flow, version: 1, queue: 'default', key: 'k', priority: 0, permitKey: null, ...about }); // prettier-ignore
        const [delivery] = claimed;
        if (!delivery) throw new Error('There is no delivery.');
        const decide = (id: string) => harness.events.commitVerdicts([{ delivery, version: 1, verdict: { kind: 'start', run: newRun(id), onceKey: null } }]); // prettier-ignore
        expect((await decide(harness.newId())).started).toHaveLength(1);
        expect(await decide(harness.newId())).toEqual({ settled: [], started: [] });
        const second = await harness.emit(name, { n: 2 });
        await harness.events.route();
        const [repeated] = await harness.events.claimDeliveries([{ workflow: flow, event: name }], LONG);
        expect(repeated?.event_id).toBe(second);
        const verdict = { kind: 'start', run: newRun(harness.newId()), onceKey: null } as const;
        const committed = await harness.events.commitVerdicts(repeated ? [{ delivery: repeated, version: 1, verdict }] : []);
        expect([committed.settled.length, committed.started.length]).toEqual([1, 0]);
        expect(await claimAll()).toHaveLength(1);
      });
    });

    sessionsConformance(() => store.sessions);
    stepKeysConformance(() => store.keys);

    describe('own transactions', () => {
      it('commit a run’s facts with them, or not at all', async () => {
        const run = await claimOne();
        const seal = (commits: boolean, of = run) =>
          store.transactions.run(LONG, async (transaction) => {
            await transaction.authorIsDone({ hasWritten: true });
            const outcome = await transaction.commitRun(commitOf(of, { facts: [fact('sealed')] }));
            if (commits) await transaction.commit();
            return outcome;
          });
        expect(await seal(false)).toBeDefined();
        expect(await types(run.id)).toEqual(['run.started']);
        expect(await seal(true)).toBeDefined();
        expect(await types(run.id)).toEqual(['run.started', 'sealed']);
        expect(await seal(false, { ...run, epoch: 0 })).toBeUndefined();
      });

      it('keep whoever wants the run waiting until they have ended', async () => {
        const run = await claimOne();
        let given: Promise<void> | undefined;
        await store.transactions.run(LONG, async (transaction) => {
          await transaction.commitRun(commitOf(run, { facts: [fact('sealed')] }));
          given = store.runs.giveBack(run);
          await transaction.commit();
        });
        await given;
        expect(await types(run.id)).toEqual(['run.started', 'sealed']);
        expect(await harness.run(run.id)).toMatchObject({ status: 'queued', epoch: run.epoch + 1 });
      });

      it('move an emitter’s cursor from where its batch began to read, and take each record key once', async () => {
        const run = await claimOne();
        const batch = (from: string, to: string, keys: readonly string[]) =>
          store.transactions.run(LONG, async (transaction) => {
            await transaction.authorIsDone({ hasWritten: false });
            const { batch: rows } = transaction;
            if (!(await rows.lockRun(run)) || !(await rows.moveCursor(TENANT, flow, from, to, run.id))) return null;
            const fresh = await rows.claimRecordKeys(TENANT, flow, keys, keys.map(() => harness.newId())); // prettier-ignore
            await transaction.commit();
            return [...fresh];
          });
        expect(await store.transactions.readCursor(TENANT, flow)).toBeNull();
        expect(await batch('null', '{"at":2}', ['a', 'b'])).toEqual(['a', 'b']);
        expect(await batch('null', '{"at":9}', ['c'])).toBeNull();
        expect(await store.transactions.readCursor(TENANT, flow)).toEqual({ at: 2 });
        expect(await batch('{"at":2}', '{"at":3}', ['b', 'c'])).toEqual(['c']);
      });
    });
  });
}
