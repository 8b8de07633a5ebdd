/**
 * What a move of a session has to do with tables, read from the text of its statement: as much as could matter, never less. It decides
 * which of two orders are the same for the database, so that one of them is enough.
 */
export interface Footprint {
  /** Tables it reads, by name, written ones included. */
  readonly sees: ReadonlySet<string>;
  /** Tables it changes: shown to others by COMMIT. */
  readonly writes: ReadonlySet<string>;
  /** Tables in which it may wait for a row of another session, or make it wait: rows locked, changed, or unique by what they mean. */
  readonly contends: ReadonlySet<string>;
}

/**
 * - look: takes the snapshot of a statement, or reads without locking
 * - lock: takes row locks and writes
 * - end: COMMIT or ROLLBACK, which shows what was written and frees what was locked
 */
export type MoveKind = 'look' | 'lock' | 'end';

export interface Move extends Footprint {
  /** Where the session stands: the statement, the gate, or COMMIT. */
  readonly at: string;
  readonly kind: MoveKind;
}

const TABLES =
  'runs|permits|run_keys|journal|blobs|inbox|dispatches|tasks|task_history|events|event_deliveries|event_waits|outbox|triggers|emissions|emission_reads|emitter_cursors|schedules|slots|workers';
/** Keys that two sessions can both come to insert. All other rows have an id that was made for them. */
const UNIQUE_BY_MEANING = 'permits|run_keys|inbox|event_deliveries|emissions|emitter_cursors|slots';

export const NO_FOOTPRINT: Footprint = { sees: new Set(), writes: new Set(), contends: new Set() };

const known = new Map<string, Footprint>();

/** @param isCapped whether runs of this world may hold permits: then a trigger frees the permit of a run that is not at work any more */
export function footprintOf(text: string, isCapped: boolean): Footprint {
  const named = known.get(text) ?? footprintOfText(text);
  known.set(text, named);
  return isCapped && named.writes.has('runs') ? together(named, PERMITS) : named;
}

/** Of the rest of a statement that has its snapshot: what others commit from here on it meets only in the rows it locks. */
export function behindItsSnapshot(footprint: Footprint): Footprint {
  return { ...footprint, sees: footprint.contends };
}

const PERMITS: Footprint = { sees: new Set(['permits']), writes: new Set(['permits']), contends: new Set(['permits']) };

function footprintOfText(text: string): Footprint {
  const locksWhatItReads = /\bFOR (NO KEY )?UPDATE\b/.test(text);
  return {
    sees: found(text, `\\b(${TABLES})\\b`),
    writes: found(text, `\\b(?:UPDATE|INSERT INTO|DELETE FROM) (${TABLES})\\b`),
    contends: union(
      found(text, `\\b(?:UPDATE|DELETE FROM) (${TABLES})\\b`),
      found(text, `\\bINSERT INTO (${UNIQUE_BY_MEANING})\\b`),
      locksWhatItReads ? found(text, `\\b(?:FROM|JOIN|,) ?(${TABLES})\\b`) : new Set(),
    ),
  };
}

export function together(one: Footprint, other: Footprint): Footprint {
  return { sees: union(one.sees, other.sees), writes: union(one.writes, other.writes), contends: union(one.contends, other.contends) };
}

/**
 * Whether it matters which of two moves comes first. Two looks see the same whatever the other does, and what a session has written
 * shows nothing until its transaction ends; two locks may be after the same row; an end changes what others see and get.
 */
export function isDependent(one: Move, other: Move): boolean {
  if (one.kind === 'end' && other.kind === 'end') return false;
  if (one.kind === 'end') return meet(one.writes, other.sees) || meet(one.contends, other.contends);
  if (other.kind === 'end') return isDependent(other, one);
  return one.kind === 'lock' && other.kind === 'lock' && meet(one.contends, other.contends);
}

function found(text: string, pattern: string): ReadonlySet<string> {
  return new Set([...text.matchAll(new RegExp(pattern, 'g'))].flatMap(([, table]) => table ?? []));
}

function union(...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((table) => other.has(table));
}
