/** Who may not decide a task is not asked to: whoever has answered it already, or whose own work it is. Of what is said about it he is told. */
import type { TaskRecord } from '@stepwell/storage';
import type { NoticeKind } from './notification-options.js';

const ASKING: readonly string[] = ['assigned', 'opened', 'due-soon', 'overdue'] satisfies readonly NoticeKind[];

export function isKeptFrom({ excluded }: TaskRecord, personId: string, kind: string): boolean {
  return ASKING.includes(kind) && (excluded ?? []).includes(personId);
}
