/**
 * What goes over the two channels. A NOTIFY payload must stay below 8000 bytes, so messages are compact JSON arrays and are split:
 *
 *   stepwell_wake     [origin, queue, queue ...]          without a queue: "I have begun to listen"
 *   stepwell_changes  [origin, tenant, kind, id, id ...]  invalidations, never data
 *
 * The origin lets a process skip its own messages: its own listeners were told directly.
 */
import type { Change } from '@stepwell/engine';

export const WAKE_CHANNEL = 'stepwell_wake';
export const CHANGES_CHANNEL = 'stepwell_changes';

/** PostgreSQL refuses 8000 bytes and more; the rest is reserve for the array's own signs. */
const MAX_BYTES = 7_900;

const KINDS: readonly string[] = ['run', 'task', 'emitter'] satisfies readonly Change['kind'][];

export interface Message {
  readonly channel: string;
  readonly payload: string;
}

export function wakeMessages(origin: string, queues: Iterable<string>): Message[] {
  return split([origin], queues).map((payload) => ({ channel: WAKE_CHANNEL, payload }));
}

export function helloMessage(origin: string): Message {
  return { channel: WAKE_CHANNEL, payload: JSON.stringify([origin]) };
}

export function changeMessages(origin: string, changes: Iterable<Change>): Message[] {
  const groups = new Map<string, { head: string[]; ids: Set<string> }>();
  for (const { tenant, kind, id } of changes) {
    const key = `${kind} ${tenant}`;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { head: [origin, tenant, kind], ids: new Set() }));
    group.ids.add(id);
  }
  return [...groups.values()].flatMap(({ head, ids }) => split(head, ids)).map((payload) => ({ channel: CHANGES_CHANNEL, payload }));
}

/** @returns the queues, none for a hello; `undefined` when the message is our own, or nobody's of ours */
export function readWake(origin: string, payload: string): readonly string[] | undefined {
  const parts = textsOf(payload);
  return parts === undefined || parts[0] === origin ? undefined : parts.slice(1);
}

export function readChanges(origin: string, payload: string): Change[] {
  const [from, tenant, kind, ...ids] = textsOf(payload) ?? [];
  if (from === undefined || from === origin || tenant === undefined || kind === undefined || !KINDS.includes(kind)) return [];
  return ids.map((id) => ({ tenant, kind: kind as Change['kind'], id }));
}

/** As many arrays `[...head, item, item ...]` as the limit asks for; an item that fits into none is left out. */
function split(head: readonly string[], items: Iterable<string>): string[] {
  const headBytes = bytesOf(head);
  const payloads: string[] = [];
  let batch: string[] = [];
  let bytes = headBytes;
  const finish = () => {
    if (batch.length > 0) payloads.push(JSON.stringify([...head, ...batch]));
    batch = [];
    bytes = headBytes;
  };
  for (const item of items) {
    const more = bytesOf([item]);
    if (bytes + more > MAX_BYTES) finish();
    if (bytes + more > MAX_BYTES) continue;
    batch.push(item);
    bytes += more;
  }
  finish();
  return payloads;
}

function bytesOf(parts: readonly string[]): number {
  return Buffer.byteLength(JSON.stringify(parts));
}

function textsOf(payload: string): string[] | undefined {
  try {
    const parts: unknown = JSON.parse(payload);
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : undefined;
  } catch {
    return undefined;
  }
}
