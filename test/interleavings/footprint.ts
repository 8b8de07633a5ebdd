/**
 * What a move of a session has to do with tables, read from the text of its statement, and which rows it came to, asked of the database
 * once it was made: as much as could matter, never less. It decides which of two orders are the same for the database, so that one of
 * them is enough.
 *
 * Not tried: the other sequence of two moves that only lock and write, when they came to different rows. Neither waited, neither passed
 * over what the other holds, no key was inserted that the other could insert or delete, and what is written shows nothing until its
 * transaction ends; so the other sequence leads to the same place. Ends are told apart by tables: whatever a transaction has changed in
 * a table is tried before and after every move of the other that reads, locks or writes there.
 */
import { HELD_TABLES } from './held-rows.js';

export interface Footprint {
  /** Tables it reads, by name, written ones included. */
  readonly sees: ReadonlySet<string>;
  /** Tables it changes: shown to others by COMMIT. */
  readonly writes: ReadonlySet<string>;
  /** Tables in which it may wait for a row of another session, or make it wait: rows locked, changed, or unique by what they mean. */
  readonly contends: ReadonlySet<string>;
  /** Those of them where it inserts a key that another may insert, and where it deletes one. */
  readonly inserts: ReadonlySet<string>;
  readonly deletes: ReadonlySet<string>;
  /** It passes over what another has locked. */
  readonly skips: boolean;
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
  /** Rows it may have come to: unknown before it was made, and of a move that had to wait. */
  readonly rows?: ReadonlySet<string>;
}

const TABLES =
  'runs|permits|run_keys|journal|blobs|inbox|dispatches|tasks|task_history|decisions|decision_seals|forms|events|event_deliveries|event_waits|outbox|triggers|emissions|emission_reads|emitter_cursors|schedules|slots|workers';
/** Keys that two sessions can both come to insert. All other rows have an id that was made for them. */
const UNIQUE_BY_MEANING = 'permits|run_keys|inbox|event_deliveries|emissions|emitter_cursors|slots';
/** The tables whose held rows can be asked for (held-rows.ts). In the others any row may be the same one. */
const OBSERVED = new Set(HELD_TABLES);
/** A statement with locks that inserts messages holds their runs (gates.ts sees to that): who holds other runs meets nobody there. */
const BEHIND_A_RUN = 'inbox';

const NOTHING: ReadonlySet<string> = new Set();
export const NO_FOOTPRINT: Footprint = {
  sees: NOTHING,
  writes: NOTHING,
  contends: NOTHING,
  inserts: NOTHING,
  deletes: NOTHING,
  skips: false,
};

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

const PERMITS: Footprint = footprintOfText('DELETE FROM permits');

function footprintOfText(text: string): Footprint {
  const locksWhatItReads = /\bFOR (NO KEY )?UPDATE\b/.test(text);
  const inserts = found(text, `\\bINSERT INTO (${UNIQUE_BY_MEANING})\\b`);
  return {
    sees: found(text, `\\b(${TABLES})\\b`),
    writes: found(text, `\\b(?:UPDATE|INSERT INTO|DELETE FROM) (${TABLES})\\b`),
    contends: union(
      found(text, `\\b(?:UPDATE|DELETE FROM) (${TABLES})\\b`),
      inserts,
      locksWhatItReads ? found(text, `\\b(?:FROM|JOIN|,) ?(${TABLES})\\b`) : NOTHING,
    ),
    inserts: new Set([...inserts].filter((table) => table !== BEHIND_A_RUN || !text.includes('UPDATE'))),
    deletes: found(text, `\\bDELETE FROM (${TABLES})\\b`),
    skips: /\bSKIP LOCKED\b/.test(text),
  };
}

export function together(one: Footprint, other: Footprint): Footprint {
  return {
    sees: union(one.sees, other.sees),
    writes: union(one.writes, other.writes),
    contends: union(one.contends, other.contends),
    inserts: union(one.inserts, other.inserts),
    deletes: union(one.deletes, other.deletes),
    skips: one.skips || other.skips,
  };
}

/**
 * Whether it matters which of two moves comes first. Two looks see the same whatever the other does, and what a session has written
 * shows nothing until its transaction ends; two locks may be after the same row, unless it is known that they were not; an end changes
 * what others see and get.
 */
export function isDependent(one: Move, other: Move): boolean {
  if (one.kind === 'end' && other.kind === 'end') return false;
  if (one.kind === 'end') return meet(one.writes, other.sees) || meet(one.contends, other.contends);
  if (other.kind === 'end') return isDependent(other, one);
  return one.kind === 'lock' && other.kind === 'lock' && meetInARow(one, other);
}

/** Held rows are known of some tables; a key that is being inserted is nobody's row yet. */
function meetInARow(one: Move, other: Move): boolean {
  const shared = [...one.contends].filter((table) => other.contends.has(table));
  if (shared.length === 0) return false;
  if (shared.some((table) => !OBSERVED.has(table)) || one.rows === undefined || other.rows === undefined) return true;
  return meet(one.rows, other.rows) || mayInsertTheSame(one, other) || mayInsertTheSame(other, one);
}

function mayInsertTheSame({ inserts }: Move, other: Move): boolean {
  return meet(inserts, other.inserts) || meet(inserts, other.deletes);
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
