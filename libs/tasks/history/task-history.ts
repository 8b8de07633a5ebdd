/**
 * The history of a task as people read it: who did what, when, and what it changed. An entry about a draft keeps the draft as it was
 * before; what was written is the difference to what the next entry knows of it, or to the draft as it now is. A decision is compared with
 * the draft that it was made on. Where there is no draft, there is what the form began with: a suggestion.
 */
import type { Actor, Json } from '@stepwell/contracts';
import type { TaskHistoryKind, TaskHistoryRow } from '@stepwell/storage';
import { type FieldChange, fieldChanges } from './field-changes.js';

export interface TaskHistoryEntry {
  readonly id: string;
  readonly kind: TaskHistoryKind;
  readonly actor: Actor | null;
  readonly details: Json | null;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Of a draft: what was written; of a decision: in what the answer differs from the draft. */
  readonly changes: readonly FieldChange[];
}

/** @param rows of one task, oldest first */
export function taskHistoryEntries(rows: readonly TaskHistoryRow[]): readonly TaskHistoryEntry[] {
  return rows.map((row, index) => {
    const { id, kind, actor, details, at } = row;
    const entry = { id, kind, actor, at: at.toISOString() };
    if (kind === 'drafted') return { ...entry, details: null, changes: fieldChanges(draftBefore(row), draftAfter(rows, index)) };
    const changes =
      (kind === 'completed' || kind === 'reviewed') && row.record ? fieldChanges(row.record.draft ?? row.suggested, row.record.answer) : [];
    return { ...entry, details, changes };
  });
}

function draftBefore({ details, suggested }: TaskHistoryRow): Json {
  return (details as { readonly before?: Json } | null)?.before ?? suggested;
}

function draftAfter(rows: readonly TaskHistoryRow[], index: number): Json {
  for (const next of rows.slice(index + 1)) {
    if (next.kind === 'drafted') return draftBefore(next);
    // Whoever decides when time is over knows of no draft: it stays where it was.
    if (next.record && next.actor && next.actor.kind !== 'system') return next.record.draft;
  }
  return rows[index]?.draft_now ?? null;
}
