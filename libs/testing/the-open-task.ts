import { type AnyScreen, screenMetadata, type Type } from '@stepwell/sdk';
import type { TaskView } from './stores/kit-store.js';

/** The task that a test means. @throws Error when none is open, or several are, with those that are */
export function theOpenTask(open: readonly TaskView[], task: TaskView | string | Type<AnyScreen>): TaskView {
  const screen = typeof task === 'function' ? screenMetadata(task)?.id : undefined;
  const id = typeof task === 'string' ? task : typeof task === 'function' ? undefined : task.id;
  const found = open.filter((one) => (id === undefined ? one.screen === screen : one.id === id));
  const [only] = found;
  if (only && found.length === 1) return only;
  const list = open.map(({ screen: at, subject }) => `"${at}"${subject === '' ? '' : ` (${subject})`}`).join(', ') || 'none';
  throw new Error(`${found.length} open tasks are "${screen ?? id ?? '?'}"; exactly one is answered. Open: ${list}.`);
}
