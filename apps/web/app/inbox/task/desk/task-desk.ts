// One person at one task: what they have typed, which version they saw, whether they hold it, whether it is saved. Everything that goes
// to the server passes through one queue, so that a heartbeat, a draft and the answer never overtake each other and each call carries the
// version that the one before it brought back.
// Invariants: what was typed is never thrown away without being asked; a task that somebody else decided keeps the typed text on screen.
import { browserTimers, type Timers } from '../../../connection/coalesce.js';
import type { Json } from '../../../graphql.js';
import { isDecidable } from '../../../status/status-tone.js';
import type { NewAssignee } from '../assignment/assignee-options.js';
import type { TaskAtDesk, TaskState } from '../task.query.js';
import type { CompletionReply, DeskApi, DeskReply, WantedNext } from './desk-api.js';
import { DraftSaver, type DraftStatus, type SaveOutcome } from './draft-saver.js';
import { readRefusal, type Refusal } from './refusal.js';
import { sameJson } from '../../../values/same-json.js';

/** The claim is a lease: this often it is extended while the task is open in a page. */
export const HEARTBEAT_MS = 60_000;

const NOTHING: ReadonlySet<string> = new Set();

export type Answer = { [key: string]: Json };

export interface DeskState {
  readonly task: TaskState;
  readonly answer: Answer;
  /** Something here was typed in this page and is not part of a decision. */
  readonly isTouched: boolean;
  /** Fields that a person has changed here, or said to be right: `parts.0.cost`. */
  readonly confirmed: ReadonlySet<string>;
  readonly draft: DraftStatus;
  readonly busy: 'claim' | 'release' | 'complete' | undefined;
  readonly refusal: Refusal | undefined;
}

/** Somebody pressed a button, began to type, or the page extends what it holds. */
type ClaimReason = 'asked' | 'typing' | 'heartbeat';

export type Completed = { readonly next: CompletionReply['nextTask'] };
/** What became of a task that is to be given back. */
export type GivenBack = 'released' | 'kept' | 'gone';
/** Or a sentence: why not. */
export type Skipped = Completed | { readonly refused: string };

export class TaskDesk {
  private state: DeskState;
  private readonly listeners = new Set<() => void>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly drafts: DraftSaver;
  private heartbeat: unknown;
  private isOpen = false;
  /** The version of the draft that what stands in the form grew out of; saves are checked against it. */
  private baseDraft: number;
  private readonly suggested: Answer;
  private lastKey: { readonly of: string; readonly key: string } | undefined;

  constructor(
    { suggestion, ...task }: TaskAtDesk,
    private readonly api: DeskApi,
    private readonly newKey: () => string,
    private readonly timers: Timers = browserTimers,
  ) {
    this.suggested = asAnswer(suggestion?.values ?? null);
    this.state = {
      task,
      answer: this.answerOf(task),
      isTouched: false,
      confirmed: NOTHING,
      draft: 'clean',
      busy: undefined,
      refusal: undefined,
    };
    this.baseDraft = task.draftVersion;
    this.drafts = new DraftSaver({
      save: (draft, isLeaving) => this.enqueue(() => this.saveDraft(draft, isLeaving)),
      onStatus: (draft) => this.set({ draft }),
      timers,
    });
  }

  readonly getState = (): DeskState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins to extend the claim while the page is open. @returns stops it, and saves what is still unsaved */
  open(): () => void {
    this.isOpen = true;
    const beat = () => {
      this.heartbeat = this.timers.set(beat, HEARTBEAT_MS);
      if (this.state.task.isMine && isDecidable(this.state.task.status)) void this.enqueue(() => this.claimNow('heartbeat'));
    };
    this.heartbeat = this.timers.set(beat, HEARTBEAT_MS);
    if (isDecidable(this.state.task.status) && !this.hasTwoDrafts) this.drafts.resume();
    return () => {
      this.isOpen = false;
      this.timers.clear(this.heartbeat);
      void this.leave().finally(() => {
        if (!this.isOpen) this.drafts.stop();
      });
    };
  }

  /** The server told of a newer state of the task, for example because somebody decided it. */
  see(task: TaskState): void {
    const { task: known } = this.state;
    if (task.version < known.version || task.draftVersion < known.draftVersion) return;
    this.absorb(task);
  }

  /** The form changed. The first change claims the task. */
  edit(answer: Answer): void {
    if (sameJson(answer, this.state.answer)) return;
    this.set({ answer, isTouched: true, refusal: withoutMended(this.state.refusal, this.state.answer, answer) });
    if (!isDecidable(this.state.task.status)) return;
    this.drafts.change(answer);
    this.claimByWork();
  }

  /** Somebody says of these fields that they are right, or has changed them. */
  confirm(fields: readonly string[]): void {
    this.set({ confirmed: new Set([...this.state.confirmed, ...fields]) });
    if (isDecidable(this.state.task.status)) this.claimByWork();
  }

  /** The form filled in its defaults by itself: nobody typed this, so it is no draft. */
  fillIn(answer: Answer): void {
    if (!sameJson(answer, this.state.answer)) this.set({ answer });
  }

  async claim(why: 'asked' | 'typing' = 'asked'): Promise<void> {
    await this.busy('claim', async () => {
      if ((await this.enqueue(() => this.claimNow(why))) && !this.hasTwoDrafts) this.drafts.resume();
    });
  }

  async release(): Promise<void> {
    await this.busy('release', async () => {
      await this.drafts.flush();
      await this.enqueue(async () => this.take(await this.api.release()));
    });
  }

  /**
   * Gives the task back if it is held and nothing was begun here: no field touched, no draft of whoever holds it.
   *
   * @returns `kept` while it stays held; `gone` when it was not held any more
   */
  async giveBackUnbegun(): Promise<GivenBack> {
    return this.enqueue(async () => {
      const { task, isTouched, confirmed } = this.state;
      if (!task.isMine || !isDecidable(task.status)) return 'gone';
      const hasOwnDraft = task.draft !== null && task.draftBy?.id === task.claimedBy?.id;
      if (isTouched || confirmed.size > 0 || hasOwnDraft) return 'kept';
      this.take(await this.api.release(), { isQuiet: true });
      return this.state.task.isMine ? 'kept' : 'released';
    });
  }

  /** Takes the task from whoever holds it. @returns a sentence when it was refused */
  async takeOver(reason: string | null): Promise<string | undefined> {
    const reply = await this.enqueue(() => this.api.takeOver(this.state.task.version, reason));
    if (this.take(reply, { isQuiet: true }) && !this.hasTwoDrafts) this.drafts.resume();
    return sentenceOf(reply);
  }

  /** Leaves the task for later and for others; the draft is saved before. */
  async skip(reason: string, next: WantedNext): Promise<Skipped> {
    await this.drafts.flush();
    const reply = await this.enqueue(() => this.api.skip(reason, next));
    this.take(reply, { isQuiet: true });
    const refused = sentenceOf(reply);
    return refused === undefined ? { next: reply.nextTask ?? null } : { refused };
  }

  /**
   * Gives the task to others, with the draft; no save that still waits may take it back.
   * @returns a sentence when it was refused
   */
  async reassign(to: NewAssignee, note: string | null): Promise<string | undefined> {
    await this.drafts.flush();
    if (this.state.draft === 'failed') return 'What you typed could not be saved for them; try again.';
    await this.drafts.hold();
    const reply = await this.enqueue(() => this.api.reassign(to, note));
    if (!this.take(reply, { isQuiet: true }) && isDecidable(this.state.task.status) && !this.hasTwoDrafts) this.drafts.resume();
    return sentenceOf(reply);
  }

  /**
   * Decides the task with what the form holds.
   * @param next to be claimed with it
   * @returns undefined when it was refused; the state then says why
   */
  async complete(next?: WantedNext): Promise<Completed | undefined> {
    if (this.state.busy === 'complete' || !isDecidable(this.state.task.status)) return undefined;
    return this.busy('complete', async () => {
      await this.drafts.hold();
      const completed = await this.enqueue(() => this.completeNow(next));
      if (completed) this.drafts.discard();
      else if (isDecidable(this.state.task.status) && !this.hasTwoDrafts) this.drafts.resume();
      return completed;
    });
  }

  /** Takes the decision back. @returns a sentence when it was refused */
  async undo(): Promise<string | undefined> {
    const reply = await this.enqueue(() => this.api.undo());
    this.take(reply, { isQuiet: true });
    return sentenceOf(reply);
  }

  /** @returns a sentence when it was refused */
  async cancel(reason: string | null): Promise<string | undefined> {
    const reply = await this.enqueue(() => this.api.cancel(this.state.task.version, reason));
    this.take(reply, { isQuiet: true });
    return sentenceOf(reply);
  }

  /** Two versions of the draft: this page's wins. */
  keepMine(): void {
    this.baseDraft = this.state.task.draftVersion;
    this.set({ refusal: undefined });
    this.drafts.resume();
    void this.drafts.flush();
  }

  /** Two versions of the draft: the other one wins. */
  takeTheirs(): void {
    this.baseDraft = this.state.task.draftVersion;
    this.drafts.discard();
    this.drafts.resume();
    this.set({ answer: this.answerOf(this.state.task), isTouched: false, confirmed: NOTHING, refusal: undefined });
  }

  dismissRefusal(): void {
    this.set({ refusal: undefined });
  }

  /** Saves at once what is unsaved: the page is hidden, left or closed. */
  leave(): Promise<void> {
    return this.drafts.flush(true);
  }

  /** True while something that was typed is not known to be on the server. */
  get isBehind(): boolean {
    return this.drafts.isBehind && isDecidable(this.state.task.status);
  }

  /** A call went through: what had stood in the way is gone. */
  private isOver(refusal: Refusal | undefined): boolean {
    return refusal?.kind === 'failure' || (refusal?.kind === 'claimed' && this.state.task.isMine);
  }

  /** Trying again by itself would help nobody. */
  private get isRefusedForGood(): boolean {
    return this.state.refusal?.kind === 'claimed' || this.state.refusal?.kind === 'closed';
  }

  /** Somebody has taken the task from the person here. */
  private get wasTaken(): boolean {
    return this.state.refusal?.wasMine === true;
  }

  private get hasTwoDrafts(): boolean {
    return this.state.refusal?.kind === 'draft';
  }

  private async completeNow(next: WantedNext): Promise<Completed | undefined> {
    this.set({ refusal: undefined });
    const { answer } = this.state;
    if (!(await this.holdClaim('asked'))) return undefined;
    const { version } = this.state.task;
    const reply = await this.api.complete({ expectedVersion: version, answer, idempotencyKey: this.keyFor(answer), next });
    if (!this.take(reply)) return undefined;
    // It was one of several answers: what others make of it has no text of this page's in its way.
    if (isDecidable(this.state.task.status)) this.set({ isTouched: false });
    return { next: reply.nextTask ?? null };
  }

  private async saveDraft(draft: Json, isLeaving: boolean): Promise<SaveOutcome> {
    if (!isDecidable(this.state.task.status)) return 'refused';
    if (!(await this.holdClaim('typing'))) return this.isRefusedForGood ? 'refused' : 'failed';
    let reply = await this.api.saveDraft(this.baseDraft, draft, isLeaving);
    // The claim has lapsed (a closed laptop, perhaps); nobody else took the task, so it is taken again.
    const hasLapsed = reply.errors.some(({ code }) => code === 'TASK_NOT_CLAIMED');
    if (hasLapsed && (await this.claimNow('typing'))) reply = await this.api.saveDraft(this.baseDraft, draft, isLeaving);
    if (reply.failure !== undefined) return 'failed';
    const refusal = readRefusal(reply);
    // The answer to the save before this one was lost on the way: the other version is this page's own.
    const isOwn = refusal?.kind === 'version' && refusal.task !== undefined && sameJson(refusal.task.draft, draft);
    if (this.take(reply, { isQuiet: isOwn }) || isOwn) {
      this.baseDraft = this.state.task.draftVersion;
      return 'saved';
    }
    if (refusal?.kind === 'version') this.set({ refusal: { ...refusal, kind: 'draft' } });
    return 'refused';
  }

  private claimByWork(): void {
    if (!this.state.task.isMine && this.state.busy === undefined && this.state.refusal?.kind !== 'claimed') void this.claim('typing');
  }

  private async holdClaim(why: ClaimReason): Promise<boolean> {
    return this.state.task.isMine || this.claimNow(why);
  }

  private async claimNow(why: ClaimReason): Promise<boolean> {
    if (!isDecidable(this.state.task.status)) return false;
    const reply = await this.api.claim(why === 'heartbeat');
    // What nobody asked for and did not get through is nothing to report: it is tried again.
    if (why !== 'asked' && reply.failure !== undefined) return false;
    return this.take(reply);
  }

  /** Takes over what a reply says. @returns true when nothing was refused */
  private take(reply: DeskReply, { isQuiet = false } = {}): boolean {
    const refusal = readRefusal(reply);
    const task = reply.task ?? refusal?.task;
    if (task) this.absorb(task);
    if (refusal && !isQuiet) this.set({ refusal: refusal.kind === 'claimed' && this.wasTaken ? { ...refusal, wasMine: true } : refusal });
    if (!refusal && this.isOver(this.state.refusal)) this.set({ refusal: undefined });
    return refusal === undefined;
  }

  /**
   * Drafts are saved over a version one has seen. So a newer one was made by somebody who had seen everything saved here, and is shown; but
   * what is typed and not yet saved stays, and its save will find out that there are two.
   */
  private absorb(task: TaskState): void {
    const { isMine: wasMine, status: before } = this.state.task;
    // The decision was taken back.
    if (isDecidable(task.status) && !isDecidable(before)) this.drafts.resume();
    if (wasMine && !task.isMine && task.claimedBy && isDecidable(task.status)) this.set({ refusal: takenBy(task) });
    if (!isDecidable(task.status)) {
      void this.drafts.hold();
      this.set({ task });
    } else if (task.draftVersion > this.baseDraft && !this.drafts.isBehind) {
      this.baseDraft = task.draftVersion;
      this.set({ task, answer: this.answerOf(task) });
    } else {
      this.set({ task });
    }
  }

  /** A draft has seen the suggestion: also what it has emptied stays so. */
  private answerOf({ draft }: TaskState): Answer {
    return draft === null ? this.suggested : asAnswer(draft);
  }

  /** A repeat after a lost answer carries the same key, a changed answer a new one. */
  private keyFor(answer: Answer): string {
    const of = JSON.stringify(answer);
    if (this.lastKey?.of !== of) this.lastKey = { of, key: this.newKey() };
    return this.lastKey.key;
  }

  private async busy<Result>(busy: NonNullable<DeskState['busy']>, work: () => Promise<Result>): Promise<Result> {
    this.set({ busy });
    try {
      return await work();
    } finally {
      if (this.state.busy === busy) this.set({ busy: undefined });
    }
  }

  private enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.queue.then(work, work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** The problem of a field goes away when the field is changed; whether it is mended the server says. */
function withoutMended(refusal: Refusal | undefined, before: Answer, after: Answer): Refusal | undefined {
  if (refusal?.kind !== 'fields') return refusal;
  const fields = refusal.fields.filter(({ path: [first = ''] }) => sameJson(before[first], after[first]));
  return fields.length > 0 ? { ...refusal, fields } : undefined;
}

function takenBy({ claimedBy, claimedUntil }: TaskState): Refusal {
  return { kind: 'claimed', wasMine: true, message: '', fields: [], by: claimedBy?.name ?? '', until: claimedUntil ?? '' };
}

function sentenceOf({ failure, errors }: DeskReply): string | undefined {
  return failure ?? errors[0]?.message;
}

function asAnswer(draft: Json): Answer {
  return typeof draft === 'object' && draft !== null && !Array.isArray(draft) ? draft : {};
}
