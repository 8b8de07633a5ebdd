import { VirtualTimers } from '../../../connection/virtual-timers.js';
import type { NewAssignee } from '../assignment/assignee-options.js';
import type { TaskError, TaskState } from '../task.query.js';
import type { Completion, CompletionReply, DeskApi, DeskReply } from './desk-api.js';
import { RETRY_AFTER_MS, SAVE_AFTER_MS } from './draft-saver.js';
import { HEARTBEAT_MS, TaskDesk, type Answer } from './task-desk.js';

const me = { id: 'u1', name: 'Rhea' };
const maria = { id: 'u2', name: 'Maria' };

const OPEN: TaskState = {
  id: 't1',
  status: 'open',
  version: 1,
  claimedBy: null,
  claimedUntil: null,
  isMine: false,
  draft: null,
  draftVersion: 0,
  draftBy: null,
  answer: null,
  decidedBy: null,
  agreement: null,
  reviews: null,
  endedAt: null,
  undoUntil: null,
};

/** A server with one task, as strict as the real one: versions are checked, only the holder may change, decided is decided. */
class OneTask implements DeskApi {
  task: TaskState = OPEN;
  readonly calls: string[] = [];
  readonly keys: string[] = [];
  isDown = false;
  /** The next save takes effect, but its answer is lost. */
  losesAnswer = false;
  /** The lease ended without a sign of life. */
  hasLapsed = false;
  wrongFields: readonly string[] = [];

  async claim(isHeartbeat: boolean): Promise<DeskReply> {
    this.calls.push(isHeartbeat ? 'heartbeat' : 'claim');
    if (this.isDown) return { task: null, errors: [], failure: 'The server cannot be reached.' };
    if (this.task.claimedBy && !this.task.isMine) {
      return refused({ __typename: 'TaskClaimed', ...words('TASK_CLAIMED'), by: this.task.claimedBy, until: '2026-11-21T13:00:00Z' });
    }
    const version = this.task.isMine ? this.task.version : this.task.version + 1;
    return this.now({ status: 'claimed', claimedBy: me, isMine: true, version });
  }

  async release(): Promise<DeskReply> {
    this.calls.push('release');
    return this.now({ status: 'open', claimedBy: null, isMine: false, version: this.task.version + 1 });
  }

  async takeOver(): Promise<DeskReply> {
    this.calls.push('take over');
    return this.now({ status: 'claimed', claimedBy: me, isMine: true, version: this.task.version + 1 });
  }

  async reassign(to: NewAssignee): Promise<DeskReply> {
    this.calls.push(`reassign ${JSON.stringify(to)}`);
    if (this.isDown) return { task: null, errors: [], failure: 'The server cannot be reached.' };
    return this.now({ status: 'open', claimedBy: null, isMine: false, version: this.task.version + 1 });
  }

  async skip(reason: string): Promise<CompletionReply> {
    this.calls.push(`skip ${reason}`);
    return { ...this.now({ status: 'open', claimedBy: null, isMine: false }), nextTask: { id: 't2', subject: 'Next' } };
  }

  async saveDraft(expected: number, draft: Answer): Promise<DeskReply> {
    this.calls.push(`save ${JSON.stringify(draft)}`);
    if (this.isDown) return { task: null, errors: [], failure: 'The server cannot be reached.' };
    if (this.hasLapsed) {
      this.hasLapsed = false;
      return refused({ __typename: 'GeneralError', ...words('TASK_NOT_CLAIMED') });
    }
    if (expected !== this.task.draftVersion) return this.conflict();
    const reply = this.now({ draft, draftVersion: expected + 1 });
    if (!this.losesAnswer) return reply;
    this.losesAnswer = false;
    return { task: null, errors: [], failure: 'The connection was lost.' };
  }

  async complete({ expectedVersion, answer, idempotencyKey }: Completion): Promise<CompletionReply> {
    this.calls.push(`complete ${JSON.stringify(answer)}`);
    this.keys.push(idempotencyKey);
    if (this.isDown) return { task: null, errors: [], failure: 'The server cannot be reached.' };
    if (this.task.status === 'completed') return refused({ __typename: 'TaskClosed', ...words('TASK_CLOSED'), task: this.task });
    if (expectedVersion !== this.task.version) return this.conflict();
    if (this.wrongFields.length > 0) {
      return {
        task: null,
        errors: this.wrongFields.map(
          (field) => ({ __typename: 'FieldError', ...words('ANSWER_INVALID'), path: ['answer', field] }) as const,
        ),
      };
    }
    return { ...this.decide(me, answer as Answer), nextTask: { id: 't2', subject: 'Next' } };
  }

  async undo(): Promise<DeskReply> {
    const { answer, draftVersion, version } = this.task;
    const open = { status: 'claimed', claimedBy: me, isMine: true, answer: null, decidedBy: null } as const;
    return this.now({ ...open, draft: answer, draftVersion: draftVersion + 1, version: version + 1 });
  }

  async cancel(): Promise<DeskReply> {
    return this.now({ status: 'canceled', version: this.task.version + 1 });
  }

  decide(by: typeof me, answer: Answer): DeskReply {
    return this.now({ status: 'completed', answer, decidedBy: by, claimedBy: null, isMine: false, version: this.task.version + 1 });
  }

  now(change: Partial<TaskState>): DeskReply {
    this.task = { ...this.task, ...change };
    return { task: this.task, errors: [] };
  }

  private conflict(): DeskReply {
    return refused({ __typename: 'VersionConflict', ...words('VERSION_CONFLICT'), task: this.task });
  }
}

function words(code: string) {
  return { code, message: code, path: null };
}

function refused(error: TaskError): DeskReply {
  return { task: null, errors: [error] };
}

function bench(start: Partial<TaskState> = {}, suggested: Answer | null = null) {
  const timers = new VirtualTimers();
  const server = new OneTask();
  server.task = { ...OPEN, ...start };
  let keys = 0;
  const desk = new TaskDesk({ ...server.task, suggestion: suggested && { values: suggested } }, server, () => `key-${++keys}`, timers);
  return { timers, server, desk };
}

const typed = { note: 'a dent' };

describe('TaskDesk', () => {
  it('claims the task with the first change and saves the draft a moment later', async () => {
    const { timers, server, desk } = bench();
    desk.open();
    desk.edit(typed);
    await timers.advance(SAVE_AFTER_MS);
    expect(server.calls).toEqual(['claim', 'save {"note":"a dent"}']);
    expect(desk.getState()).toMatchObject({ draft: 'saved', task: { isMine: true, draftVersion: 1 } });
  });

  it('does not take the defaults of a form for something typed', async () => {
    const { timers, server, desk } = bench();
    desk.fillIn({ informAirport: false });
    await timers.advance(10 * SAVE_AFTER_MS);
    expect(server.calls).toEqual([]);
    expect(desk.getState().isTouched).toBe(false);
  });

  it('begins with what is suggested, which is no draft before somebody types; a draft wins, also over what it has emptied', async () => {
    const { timers, server, desk } = bench({}, { severity: 'minor', note: 'a dent' });
    await timers.advance(10 * SAVE_AFTER_MS);
    expect([desk.getState().answer, server.calls]).toEqual([{ severity: 'minor', note: 'a dent' }, []]);
    expect(bench({ draft: { note: 'none' }, draftVersion: 1 }, { severity: 'minor' }).desk.getState().answer).toEqual({ note: 'none' });
    await desk.complete();
    expect(server.calls).toEqual(['claim', 'complete {"severity":"minor","note":"a dent"}']);
  });

  it('decides with the very last letter, typed and completed at once, and saves no draft after it', async () => {
    const { timers, server, desk } = bench();
    desk.edit(typed);
    desk.edit({ note: 'a dent, and more' });
    const completed = await desk.complete({});
    await timers.advance(10 * SAVE_AFTER_MS);
    expect(completed?.next).toEqual({ id: 't2', subject: 'Next' });
    expect(server.calls).toEqual(['claim', 'complete {"note":"a dent, and more"}']);
    expect(desk.getState()).toMatchObject({ draft: 'clean', task: { status: 'completed' } });
  });

  it('completes with the version that its own claim brought back', async () => {
    const { server, desk } = bench({ version: 7 });
    expect(await desk.complete()).toBeDefined();
    expect(server.task.version).toBe(9);
  });

  it('puts the server’s errors on their fields, and takes one away when its field is changed', async () => {
    const { server, desk } = bench();
    server.wrongFields = ['note', 'severity'];
    desk.edit(typed);
    expect(await desk.complete()).toBeUndefined();
    expect(desk.getState().refusal?.fields.map(({ path }) => path)).toEqual([['note'], ['severity']]);
    desk.edit({ note: 'a deep dent' });
    expect(desk.getState().refusal?.fields.map(({ path }) => path)).toEqual([['severity']]);
    desk.edit({ note: 'a deep dent', severity: 'minor' });
    expect(desk.getState().refusal).toBeUndefined();
  });

  it('keeps the typed text when somebody else was faster, and shows their decision', async () => {
    const { server, desk } = bench();
    desk.edit(typed);
    await desk.claim();
    server.decide(maria, { note: 'nothing' });
    expect(await desk.complete({})).toBeUndefined();
    expect(desk.getState()).toMatchObject({
      answer: typed,
      isTouched: true,
      refusal: { kind: 'closed' },
      task: { status: 'completed', decidedBy: maria, answer: { note: 'nothing' } },
    });
  });

  it('learns of a decision from the outside without losing the text', () => {
    const { server, desk } = bench();
    desk.edit(typed);
    server.decide(maria, {});
    desk.see(server.task);
    expect(desk.getState()).toMatchObject({ answer: typed, task: { status: 'completed' } });
    expect(desk.isBehind).toBe(false);
  });

  it('says who holds the task when a claim is refused, and keeps the text', async () => {
    const { timers, server, desk } = bench();
    server.task = { ...server.task, status: 'claimed', claimedBy: maria };
    desk.edit(typed);
    await timers.advance(SAVE_AFTER_MS);
    expect(desk.getState()).toMatchObject({ answer: typed, draft: 'refused', refusal: { kind: 'claimed', by: 'Maria' } });
  });

  it('saves what was refused once the task can be claimed after all', async () => {
    const { timers, server, desk } = bench();
    server.task = { ...server.task, status: 'claimed', claimedBy: maria };
    desk.edit(typed);
    await timers.advance(SAVE_AFTER_MS);
    server.task = { ...server.task, status: 'open', claimedBy: null };
    await desk.claim();
    await timers.advance(SAVE_AFTER_MS);
    expect(desk.getState()).toMatchObject({ draft: 'saved', refusal: undefined });
  });

  it('shows a draft of another tab over untouched fields', () => {
    const { desk } = bench();
    desk.see({ ...OPEN, draft: { note: 'theirs' }, draftVersion: 1 });
    expect(desk.getState().answer).toEqual({ note: 'theirs' });
  });

  it('never writes one draft over another unasked: it shows both and lets one choose', async () => {
    for (const choice of ['mine', 'theirs'] as const) {
      const { timers, server, desk } = bench();
      desk.edit(typed);
      server.now({ draft: { note: 'theirs' }, draftVersion: 1 });
      desk.see(server.task);
      await timers.advance(SAVE_AFTER_MS);
      expect(desk.getState()).toMatchObject({
        answer: typed,
        draft: 'refused',
        refusal: { kind: 'draft', task: { draft: { note: 'theirs' } } },
      });
      if (choice === 'mine') desk.keepMine();
      else desk.takeTheirs();
      await timers.advance(SAVE_AFTER_MS);
      expect(desk.getState().answer).toEqual(choice === 'mine' ? typed : { note: 'theirs' });
      expect(server.task.draft).toEqual(choice === 'mine' ? typed : { note: 'theirs' });
    }
  });

  it('recognises its own draft when the answer to its save was lost', async () => {
    const { timers, server, desk } = bench();
    server.losesAnswer = true;
    desk.edit(typed);
    await timers.advance(60_000);
    expect(desk.getState()).toMatchObject({ draft: 'saved', refusal: undefined });
  });

  it('says nothing but "not saved" while the server is away, and saves when it is back', async () => {
    const { timers, server, desk } = bench();
    server.isDown = true;
    desk.edit(typed);
    await timers.advance(SAVE_AFTER_MS);
    expect(desk.getState()).toMatchObject({ draft: 'failed', refusal: undefined });
    server.isDown = false;
    await timers.advance(RETRY_AFTER_MS);
    expect(desk.getState()).toMatchObject({ draft: 'saved', task: { isMine: true, draft: typed } });
  });

  it('takes the task again when its claim has lapsed and nobody else came', async () => {
    const { timers, server, desk } = bench();
    desk.edit(typed);
    await timers.advance(SAVE_AFTER_MS);
    server.hasLapsed = true;
    desk.edit({ note: 'after lunch' });
    await timers.advance(SAVE_AFTER_MS);
    expect(desk.getState()).toMatchObject({ draft: 'saved', refusal: undefined });
    expect(server.task.draft).toEqual({ note: 'after lunch' });
  });

  it('repeats an answer whose outcome is unknown with the same key, and a changed one with a new key', async () => {
    const { server, desk } = bench();
    desk.edit(typed);
    await desk.claim();
    server.isDown = true;
    await desk.complete();
    await desk.complete();
    desk.edit({ note: 'changed' });
    server.isDown = false;
    await desk.complete();
    expect(server.keys).toEqual(['key-1', 'key-1', 'key-2']);
  });

  it('extends its claim while it is open, and no longer', async () => {
    const { timers, server, desk } = bench();
    const close = desk.open();
    await desk.claim();
    await timers.advance(2 * HEARTBEAT_MS);
    close();
    await timers.advance(5 * HEARTBEAT_MS);
    expect(server.calls).toEqual(['claim', 'heartbeat', 'heartbeat']);
  });

  it('saves at once when one leaves', async () => {
    const { timers, server, desk } = bench();
    const close = desk.open();
    desk.edit(typed);
    close();
    await timers.advance(0);
    expect(server.task.draft).toEqual(typed);
  });

  it('saves the draft before it gives the task back', async () => {
    const { server, desk } = bench();
    desk.edit(typed);
    await desk.release();
    expect(server.calls).toEqual(['claim', 'save {"note":"a dent"}', 'release']);
  });

  it('saves the draft before it skips', async () => {
    const { server, desk } = bench();
    desk.edit(typed);
    expect(await desk.skip('later', {})).toEqual({ next: { id: 't2', subject: 'Next' } });
    expect(server.calls).toEqual(['claim', 'save {"note":"a dent"}', 'skip later']);
  });

  it('hands the task on with its draft, and does not take it back: neither what is typed meanwhile nor a save that failed', async () => {
    const { timers, server, desk } = bench();
    desk.edit(typed);
    const reassign = server.reassign.bind(server);
    server.reassign = (to) => {
      desk.edit({ note: 'a dent, and more' });
      return reassign(to);
    };
    expect(await desk.reassign({ user: 'maria' }, null)).toBeUndefined();
    await timers.advance(10 * RETRY_AFTER_MS);
    expect(server.calls).toEqual(['claim', 'save {"note":"a dent"}', 'reassign {"user":"maria"}']);
    expect(desk.getState().answer).toEqual({ note: 'a dent, and more' });

    const away = bench();
    away.desk.edit(typed);
    away.server.isDown = true;
    expect(await away.desk.reassign({ user: 'maria' }, null)).toContain('could not be saved');
    away.server.isDown = false;
    await away.timers.advance(RETRY_AFTER_MS);
    expect(await away.desk.reassign({ user: 'maria' }, null)).toBeUndefined();
    expect(away.server.task).toMatchObject({ status: 'open', draft: typed });
  });

  it('says who has taken the task over, keeps the text, and saves it when one takes it back', async () => {
    const { timers, server, desk } = bench();
    desk.edit(typed);
    await timers.advance(SAVE_AFTER_MS);
    desk.see(server.now({ claimedBy: maria, isMine: false, version: server.task.version + 1 }).task as TaskState);
    desk.edit({ note: 'a dent, and more' });
    await timers.advance(SAVE_AFTER_MS);
    expect(desk.getState()).toMatchObject({ draft: 'refused', refusal: { kind: 'claimed', wasMine: true, by: 'Maria' } });
    expect(await desk.takeOver(null)).toBeUndefined();
    await timers.advance(SAVE_AFTER_MS);
    expect(desk.getState()).toMatchObject({ draft: 'saved', refusal: undefined });
    expect(server.task.draft).toEqual({ note: 'a dent, and more' });
  });

  it('goes on with the answer as the draft when the decision is taken back', async () => {
    const { timers, server, desk } = bench();
    desk.edit(typed);
    await desk.complete();
    expect(await desk.undo()).toBeUndefined();
    expect(desk.getState()).toMatchObject({ answer: typed, task: { status: 'claimed', isMine: true } });
    desk.edit({ note: 'no dent' });
    await timers.advance(SAVE_AFTER_MS);
    expect(server.task).toMatchObject({ status: 'claimed', draft: { note: 'no dent' } });
    await desk.complete();
    expect(server.task).toMatchObject({ status: 'completed', answer: { note: 'no dent' } });
  });

  it('gives back what it holds and nobody has begun, and keeps the rest', async () => {
    const fresh = bench();
    expect(await fresh.desk.giveBackUnbegun()).toBe('gone');
    await fresh.desk.claim();
    expect(await fresh.desk.giveBackUnbegun()).toBe('released');
    expect(fresh.server.task.claimedBy).toBeNull();
    const ofAnother = bench({ draft: typed, draftVersion: 1, draftBy: maria });
    await ofAnother.desk.claim();
    expect(await ofAnother.desk.giveBackUnbegun()).toBe('released');
    const own = bench({ draft: typed, draftVersion: 1, draftBy: me });
    await own.desk.claim();
    expect(await own.desk.giveBackUnbegun()).toBe('kept');
    const begun = bench();
    begun.desk.edit(typed);
    await begun.desk.claim();
    expect(await begun.desk.giveBackUnbegun()).toBe('kept');
    expect(begun.server.calls).not.toContain('release');
  });

  it('ignores news that are older than what it knows', async () => {
    const { desk } = bench();
    await desk.claim();
    desk.see(OPEN);
    expect(desk.getState().task.isMine).toBe(true);
  });
});
