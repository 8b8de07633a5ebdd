import { createContext, use } from 'react';
import type { InboxFilter } from './inbox-filter.js';
import type { TaskRow } from './inbox.query.js';
import type { TaskDesk } from './task/desk/task-desk.js';
import type { TaskAtDesk } from './task/task.query.js';
import type { ClaimedTask, Decided } from './undo/decided-note.js';

/** What the open task needs of the list beside it. */
export interface Inbox {
  readonly rows: readonly TaskRow[];
  /** The list has no more than these rows. */
  readonly isWhole: boolean;
  readonly filter: InboxFilter;
  readonly refresh: () => void;
  /** Opens a task; with `isToAnswer` the focus goes into its form. */
  readonly open: (id: string, how?: { readonly isToAnswer?: boolean; readonly isReplacing?: boolean }) => void;
  /** Opens the task that the server has claimed with a decision or a skip, to be answered. */
  readonly openClaimed: (task: ClaimedTask) => void;
  /** Claims the next free task of what the list shows, and opens it. */
  readonly claimNext: () => void;
  /** Tells that a task was decided, and how to take that back. */
  readonly tellDecided: (decided: Decided) => void;
  readonly takeBack: (desk: TaskDesk) => Promise<void>;
  /** A decision of one's own is shown that can be taken back. */
  readonly seeDecided: (desk: TaskDesk) => void;
  /** Back to the list; its row gets the focus. */
  readonly backToList: (id: string) => void;
  /** The desk at which a task is worked on. It outlives the task's page, so that what was typed is there when one comes back. */
  readonly deskFor: (task: TaskAtDesk) => TaskDesk;
  /** Goes up each time a task is opened to be answered, also when it is open already. */
  readonly answerRequests: number;
  /** True once per request, for the task that was opened to be answered. */
  readonly takeFocus: (id: string) => boolean;
}

export const InboxContext = createContext<Inbox | undefined>(undefined);

export function useInbox(): Inbox {
  const inbox = use(InboxContext);
  if (!inbox) throw new Error('useInbox was called outside the inbox.');
  return inbox;
}
