import { Backlog, type FactDraft, type Graph } from '@stepwell/engine';

/** What an activation has done, and the messages it has read, since its last commit. */
export class Unwritten {
  drafts: readonly FactDraft[] = [];
  consumed: readonly string[] = [];
  /** Somebody waits until it is written. */
  isAwaited = false;
  private readonly backlog: Backlog;

  constructor(graph: Graph) {
    this.backlog = new Backlog(graph);
  }

  get isEmpty(): boolean {
    return this.drafts.length === 0 && this.consumed.length === 0;
  }

  /** A handler may begin before it is durable: see `Backlog`. */
  get mayStay(): boolean {
    return !this.isAwaited && this.consumed.length === 0 && this.backlog.mayStay;
  }

  add(draft: FactDraft): void {
    (this.drafts as FactDraft[]).push(draft);
    this.backlog.add(draft);
  }

  read(message: string): void {
    (this.consumed as string[]).push(message);
  }

  /** What was unwritten; nothing is any more. */
  take(): { readonly drafts: readonly FactDraft[]; readonly consumed: readonly string[] } {
    const { drafts, consumed } = this;
    this.drafts = [];
    this.consumed = [];
    this.isAwaited = false;
    this.backlog.written();
    return { drafts, consumed };
  }
}
