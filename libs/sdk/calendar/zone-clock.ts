/**
 * The clock of a zone: local days, numbered as days since 1970-01-01, and when their times are.
 *
 * A time that the clock shows twice is the first of the two; one that it leaves out is the moment of the jump. So the times of a day are
 * in their order as instants, too. By numbers, because a time of years in business time looks at thousands of days.
 */
import { IANAZone } from 'luxon';

export const DAY_MS = 86_400_000;
/** More than two years of them: what is counted at a time seldom goes further. */
const MOST_OFFSETS = 1_000;

export class ZoneClock {
  private readonly zone: IANAZone;
  private readonly offsets = new Map<number, number>();

  /** @param name IANA zone that is one */
  constructor(name: string) {
    this.zone = IANAZone.create(name);
  }

  /** @param at milliseconds since 1970 */
  dayOf(at: number): number {
    return Math.floor(this.shown(at) / DAY_MS);
  }

  /** @returns milliseconds since the local midnight, as the clock shows them */
  timeOf(at: number): number {
    return this.shown(at) - this.dayOf(at) * DAY_MS;
  }

  /** @param time milliseconds since the local midnight, as the clock shows them */
  instant(day: number, time: number): number {
    const shown = day * DAY_MS + time;
    const [before, after] = [this.offsetNear(day - 1), this.offsetNear(day + 2)];
    const early = shown - before;
    if (before === after || this.offset(early) === before) return early;
    const late = shown - after;
    if (this.offset(late) === after) return late;
    // Left out: the clock jumps somewhere between the two.
    let [left, right] = [late, early];
    while (right - left > 1) {
      const middle = Math.floor((left + right) / 2);
      if (this.offset(middle) === before) left = middle;
      else right = middle;
    }
    return right;
  }

  private shown(at: number): number {
    return at + this.offset(at);
  }

  /** No zone is ahead or behind by more than a day. */
  private offsetNear(day: number): number {
    let known = this.offsets.get(day);
    if (known !== undefined) return known;
    if (this.offsets.size >= MOST_OFFSETS) this.offsets.clear();
    this.offsets.set(day, (known = this.offset(day * DAY_MS)));
    return known;
  }

  private offset(at: number): number {
    return this.zone.offset(at) * 60_000;
  }
}

/** @returns `'2026-12-25'` */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** @param date `'2026-12-25'` */
export function dayOfDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** @returns 0 for Monday to 6 for Sunday */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}
