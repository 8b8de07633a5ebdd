/**
 * What an activation reads in its run's inbox. A message stays there until its fact is in the journal; one that is held (a decision that
 * can still be taken back) stays until it is to be read, and nothing is decided on it: its sender finds it there, or the run has it, never
 * both. The run wakes for the first of these, at work or not.
 */
import { type FactDraft, factsOfMessage, ignored, type InboxRow, type JournalStore, type RunRef, type RunState } from '@stepwell/engine';
import { marked, type Tidings } from './tidings.js';
import type { Unwritten } from './unwritten.js';

interface MailboxParts {
  readonly run: RunRef;
  readonly journals: JournalStore;
  readonly state: RunState;
  readonly unwritten: Unwritten;
  readonly tidings: Tidings | undefined;
  readonly record: (draft: FactDraft) => void;
  /** This machine's clock, milliseconds since 1970. */
  readonly now: () => number;
}

interface HeldRow extends InboxRow {
  readonly held: NonNullable<InboxRow['held']>;
}

const NONE: ReadonlySet<string> = new Set();

export class Mailbox {
  /** Facts that messages became: while the messages are unconsumed, reading the inbox again gives them again. */
  private facts: WeakSet<FactDraft> | undefined;
  private held: readonly HeldRow[] = [];
  /** When the first held message is to be read, by this machine's clock. */
  dueAt: number | undefined;

  constructor(private readonly parts: MailboxParts) {}

  /** Takes over all that is unread, but for what it has taken over before and has not written down yet. */
  absorb(messages: readonly InboxRow[]): void {
    if (messages.length === 0) return this.hold([], 0);
    const { state, tidings, unwritten, record, now } = this.parts;
    this.hold(messages.filter(isHeld), now());
    const given = (this.facts ??= new WeakSet());
    const taken = new Set(unwritten.consumed);
    for (const message of messages) {
      if (isHeld(message) || taken.has(message.id)) continue;
      const facts = marked(factsOfMessage(state, message), tidings);
      for (const fact of facts) {
        given.add(fact);
        record(fact);
      }
      tidings?.hear(message.id, facts);
      unwritten.read(message.id);
    }
  }

  async read(): Promise<void> {
    const { journals, run } = this.parts;
    this.absorb((await journals.inboxes([run])).get(run.id) ?? []);
  }

  gave(draft: FactDraft): boolean {
    return this.facts?.has(draft) ?? false;
  }

  /** Ids of the tasks that are decided by what is held. */
  get heldTasks(): ReadonlySet<string> {
    return this.held.length === 0 ? NONE : new Set(this.held.map(taskIdOf));
  }

  /** Something is left in the inbox. */
  get hasHeld(): boolean {
    return this.held.length > 0;
  }

  /** As `dueAt`, by the store's clock, by which runs are claimed. */
  get storedDueAt(): number | undefined {
    return this.held.length === 0 ? undefined : Math.min(...this.held.map(({ held }) => held.until));
  }

  /** A held message is to be read by now. */
  get isDue(): boolean {
    return this.dueAt !== undefined && this.dueAt <= this.parts.now();
  }

  /** The run ends: what is still held came too late, and its task is closed. @returns true when there was something */
  async leaveHeld(): Promise<boolean> {
    if (this.held.length === 0) return false;
    await this.read();
    for (const message of this.held) {
      this.parts.record({ ...ignored(message), effects: { cancel: [taskIdOf(message)] } });
      this.parts.unwritten.read(message.id);
    }
    this.hold([], 0);
    return true;
  }

  private hold(messages: readonly HeldRow[], now: number): void {
    this.held = messages;
    this.dueAt = messages.length === 0 ? undefined : now + Math.min(...messages.map(({ held }) => held.forMs));
  }
}

function isHeld(message: InboxRow): message is HeldRow {
  return message.held !== undefined;
}

function taskIdOf({ payload }: HeldRow): string {
  return (payload as { readonly taskId: string }).taskId;
}
