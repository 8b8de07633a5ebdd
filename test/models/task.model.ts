/**
 * What a task is, in a page: one screen with an undo window and a chain of escalations, three people, and the run that waits for the
 * answer. Each thing that somebody does is said to be done, or refused with a code.
 */
export const MINUTE = 60_000;
const LEASE_MS = 10 * MINUTE;
const UNDO_MS = 7 * MINUTE;
/** Between the steps of the escalation: first to the leads, then they are told, at last it is decided. */
const STEP_MS = 62 * MINUTE;
const STEPS = ['assign', 'notify', 'answer'] as const;

/** `bob` and `cy` are leads. */
export type Name = 'ann' | 'bob' | 'cy';
const LEADS: readonly Name[] = ['bob', 'cy'];
type Verdict = 'yes' | 'no';

export type Deed =
  | { readonly what: 'claim' | 'release' | 'skip' | 'undo'; readonly by: Name }
  /** `isStale`: of a version before the present one. */
  | { readonly what: 'take over' | 'cancel'; readonly by: Name; readonly isStale: boolean }
  | { readonly what: 'complete'; readonly by: Name; readonly isStale: boolean; readonly verdict: Verdict; readonly key: string | null }
  /** By one of whom it is, or by an operator. */
  | { readonly what: 'reassign'; readonly by: Name; readonly to: Name | 'leads'; readonly isOperator: boolean };

export class TaskModel {
  status: 'open' | 'claimed' | 'completed' | 'canceled' = 'open';
  version = 1;
  holder: Name | null = null;
  heldUntil = 0;
  assignee: Name | null = null;
  isForLeads = false;
  decision: { readonly by: Name | null; readonly verdict: Verdict; readonly key: string | null; readonly until: number } | null = null;
  canceledBy: Name | null = null;
  /** What the run was told; it is told once. */
  told: Verdict | 'canceled' | null = null;
  readonly history = ['opened'];
  step = 0;
  private stepAt: number;
  /** Of a decision that was taken back, when its window would have ended: until then no step comes. */
  private quietUntil = 0;

  constructor(public now: number) {
    this.stepAt = now + STEP_MS;
  }

  copy(): TaskModel {
    return Object.assign(new TaskModel(this.now), this, { history: [...this.history] });
  }

  get isOver(): boolean {
    return this.status === 'completed' || this.status === 'canceled';
  }

  get isHeld(): boolean {
    return this.status === 'claimed' && this.heldUntil > this.now;
  }

  /** A decision of which the run has not been told. */
  get isInWindow(): boolean {
    return this.status === 'completed' && this.told === null;
  }

  /** @param seen the version that whoever does it goes by */
  does(deed: Deed, seen: number): string {
    const { by } = deed;
    const refusal = this.refusal(deed, seen);
    if (refusal !== undefined) return refusal;
    switch (deed.what) {
      case 'claim':
        if (this.holder !== by) this.becomes('claimed', 'claimed');
        return this.hold(by);
      case 'take over':
        if (this.holder === by) return 'done';
        this.becomes('claimed', 'taken-over');
        return this.hold(by);
      case 'release':
        return this.letGo('released');
      case 'skip':
        if (this.status === 'open') this.version--;
        return this.letGo('skipped');
      case 'reassign':
        if (deed.to !== 'leads') this.assignee = deed.to;
        else [this.assignee, this.isForLeads] = [null, true];
        return this.letGo(deed.isOperator ? 'reassigned' : 'delegated');
      case 'cancel':
        this.becomes('canceled', 'canceled');
        [this.holder, this.canceledBy, this.told] = [null, by, 'canceled'];
        return 'done';
      case 'complete':
        if (this.isOver) return 'done';
        this.becomes('completed', 'completed');
        this.holder = null;
        this.decision = { by, verdict: deed.verdict, key: deed.key, until: this.now + UNDO_MS };
        return 'done';
      case 'undo':
        if (this.isHeld) return 'done';
        this.quietUntil = this.decision?.until ?? 0;
        this.decision = null;
        this.becomes('claimed', 'undone');
        this.hold(by);
        if (!this.isFor(by)) this.heldUntil = this.now;
        return 'done';
    }
  }

  /** The run is canceled, and its task with it, also when a decision waits for the end of its window. */
  cancelRun(): void {
    if (this.told !== null) return;
    this.becomes('canceled', 'canceled');
    [this.holder, this.decision, this.told] = [null, null, 'canceled'];
  }

  /** The run looks at its task anew. */
  migrate(): void {
    this.quietUntil = 0;
    this.pass(0);
  }

  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const toldAt = this.isInWindow && this.decision ? this.decision.until : Infinity;
      const stepAt = this.told === null && !this.isInWindow ? Math.max(this.stepAt, this.quietUntil) : Infinity;
      const next = Math.min(toldAt, stepAt);
      if (next > until) break;
      this.now = next;
      if (next === toldAt && this.decision) this.told = this.decision.verdict;
      else this.escalate();
    }
    this.now = until;
  }

  private escalate(): void {
    const what = STEPS[this.step++];
    this.stepAt = this.step === STEPS.length ? Infinity : this.now + STEP_MS;
    if (what === 'notify') this.history.push('escalated');
    else if (what === 'assign') {
      [this.assignee, this.isForLeads] = [null, true];
      this.letGo('reassigned');
    } else {
      this.becomes('completed', 'completed');
      [this.holder, this.told] = [null, 'no'];
      this.decision = { by: null, verdict: 'no', key: null, until: this.now };
    }
  }

  private refusal(deed: Deed, seen: number): string | undefined {
    const { what, by } = deed;
    const taken = this.isHeld && this.holder !== by ? 'TASK_CLAIMED' : undefined;
    const others = this.isFor(by) ? undefined : 'TASK_FOR_OTHERS';
    const stale = seen === this.version ? undefined : 'VERSION_CONFLICT';
    if (what === 'undo') return this.refusalOfUndo(by);
    if (what === 'complete' && deed.key !== null && this.decision?.key === deed.key && this.decision.by === by) return undefined;
    if (this.isOver) return 'TASK_CLOSED';
    switch (what) {
      case 'claim':
        return taken ?? others;
      case 'release':
        return taken ?? (this.holder === by ? undefined : 'TASK_NOT_CLAIMED');
      case 'skip':
        return taken ?? (this.holder === by ? undefined : others);
      case 'reassign':
        return deed.isOperator ? undefined : (taken ?? (this.holder === by ? undefined : others));
      case 'take over':
        if (this.isHeld && this.holder === by) return undefined;
        return others ?? stale ?? (this.holder === null || this.holder === by ? 'VERSION_CONFLICT' : undefined);
      default:
        return taken ?? stale ?? others;
    }
  }

  private refusalOfUndo(by: Name): string | undefined {
    if (this.isInWindow && this.decision?.by === by) return undefined;
    if (this.isHeld && this.holder === by) return undefined;
    if (this.status === 'completed' && this.decision?.by === by) return 'UNDO_OVER';
    if (this.isOver) return 'TASK_CLOSED';
    return this.isHeld ? 'TASK_CLAIMED' : 'TASK_NOT_CLAIMED';
  }

  private isFor(name: Name): boolean {
    if (this.assignee === null && !this.isForLeads) return true;
    return this.assignee === name || (this.isForLeads && LEADS.includes(name));
  }

  private becomes(status: TaskModel['status'], kind: string): void {
    this.status = status;
    this.version++;
    this.history.push(kind);
  }

  private hold(by: Name): string {
    [this.holder, this.heldUntil] = [by, this.now + LEASE_MS];
    return 'done';
  }

  private letGo(kind: string): string {
    this.becomes('open', kind);
    this.holder = null;
    return 'done';
  }
}
