/**
 * Which slots of a schedule are to be settled now, and how. Pure: everything it goes by is passed in, so that missed slots, overlaps and
 * jumping clocks are tested without waiting.
 *
 * A slot is *live* when it is met within ten seconds of its due time; later it was *missed*: nothing ran, the database was away, or the
 * clock jumped. Live slots fire. Missed ones follow `catchUp`:
 *   none    each is skipped ("missed")
 *   latest  the newest slot that is due fires, the others are skipped ("missed")
 *   all     each fires, oldest first
 * `overlap: skip` looks at every slot that would fire: while any run of the schedule, also one out of turn, has not ended it is skipped ("overlap").
 * Only missed slots under `all` are not given up for that: they are *held*, and fire one after the other, each when the run before
 * it has ended; what comes due meanwhile is live, and is skipped as ever.
 *
 * While a schedule is paused, everything that comes due is skipped ("paused").
 *
 * Every slot is fired or skipped, once, and has a row that says so. Of more than a thousand missed slots the newest thousand get rows of
 * their own; those before share one row, which says how many they were and since when.
 */

/** Due times, in milliseconds since 1970. */
export interface SlotTimes {
  /** The first one after an instant. */
  next(after: number): number | undefined;
  /** The newest `count` at or before an instant, oldest first. */
  latest(count: number, until: number): number[];
}

export interface SlotRule {
  readonly times: SlotTimes;
  readonly overlap: 'skip' | 'allow';
  readonly catchUp: 'latest' | 'all' | 'none';
}

export interface SlotState {
  readonly now: number;
  /** Slots at or before this instant are settled. */
  readonly settledUntil: number;
  /** Slots after it that are settled nevertheless: live ones that came due behind held ones. */
  readonly settled: ReadonlySet<number>;
  /** A run of the schedule has not ended. */
  readonly isRunGoing: boolean;
  readonly isPaused: boolean;
}

export interface SettledSlot {
  readonly dueAt: number;
  readonly outcome: 'fired' | 'skipped';
  readonly reason: string | null;
}

export interface DueSlots {
  /** Oldest first. */
  readonly slots: readonly SettledSlot[];
  readonly settledUntil: number;
  /** Missed slots wait for a run to end: ask again soon. */
  readonly isHeld: boolean;
}

/** Longer than any hiccup of a process or a restart of the server, shorter than what anybody would call "on time". */
export const LATE_MS = 10_000;
/** A day of minutes does not fit, a night of them does; a schedule of seconds must not bring a million rows back from the dead. */
export const MAX_MISSED = 1_000;
/** Slots before those are counted up to here: each costs some 50 microseconds in a zone with summer time. */
export const MAX_COUNTED = 5_000;

export function dueSlots(rule: SlotRule, state: SlotState): DueSlots {
  const { due, before } = enumerate(rule.times, state);
  const slots: SettledSlot[] = before ? [before] : [];
  const newest = due.at(-1);
  let settledUntil = before?.dueAt ?? state.settledUntil;
  let isGoing = state.isRunGoing;
  let isHeld = false;
  for (const dueAt of due) {
    const verdict = state.settled.has(dueAt)
      ? 'settled'
      : state.isPaused
        ? 'paused'
        : verdictOn(rule, { isMissed: state.now - dueAt > LATE_MS, isNewest: dueAt === newest, isGoing });
    if (verdict === 'held') isHeld = true;
    else if (verdict === 'fired') slots.push({ dueAt, outcome: 'fired', reason: null });
    else if (verdict !== 'settled') slots.push({ dueAt, outcome: 'skipped', reason: verdict });
    isGoing ||= verdict === 'fired';
    if (!isHeld) settledUntil = dueAt;
  }
  return { slots, settledUntil, isHeld };
}

type Verdict = 'fired' | 'held' | 'missed' | 'overlap' | 'paused';

function verdictOn({ catchUp, overlap }: SlotRule, slot: { isMissed: boolean; isNewest: boolean; isGoing: boolean }): Verdict {
  if (slot.isMissed && (catchUp === 'none' || (catchUp === 'latest' && !slot.isNewest))) return 'missed';
  if (overlap === 'allow' || !slot.isGoing) return 'fired';
  return slot.isMissed && catchUp === 'all' ? 'held' : 'overlap';
}

function enumerate(times: SlotTimes, { settledUntil, now, isPaused }: SlotState): { due: readonly number[]; before?: SettledSlot } {
  const due = upTo(times, settledUntil, now, MAX_MISSED + 1);
  const since = due[0];
  if (since === undefined || due.length <= MAX_MISSED) return { due };
  const [lastBefore = since, ...newest] = times.latest(MAX_MISSED + 1, now);
  const count = upTo(times, settledUntil, lastBefore, MAX_COUNTED).length;
  const others = count === MAX_COUNTED ? `at least ${count - 1}` : String(count - 1);
  const word = isPaused ? 'paused' : 'missed';
  const reason = count === 1 ? word : `${word}, as were ${others} slots before it, since ${new Date(since).toISOString()}`;
  return { due: newest, before: { dueAt: lastBefore, outcome: 'skipped', reason } };
}

/** The due times after an instant up to another, at most so many. */
function upTo(times: SlotTimes, after: number, until: number, most: number): number[] {
  const found: number[] = [];
  for (let at = times.next(after); at !== undefined && at <= until && found.length < most; at = times.next(at)) found.push(at);
  return found;
}
