/**
 * The due times of a cron expression in a zone, as croner 11 gives them. What happens when the clock of a zone jumps is croner's rule
 * (after Vixie cron), and part of what Stepwell promises:
 *
 * - A fixed time (one value each for second, minute and hour: `30 2 * * *`) falls due once on every day. Where the hour is skipped in
 *   spring it falls due right after the gap (02:30 in Berlin becomes 03:00 summer time); where it comes twice in autumn, at the first.
 * - An interval (a star, step, list or range among them: `30 * * * *`) follows real time: times inside the gap do not exist and are left
 *   out, the repeated hour falls due both times.
 *
 * Day of month and weekday together mean "either", as in every cron; `+MON` means "both".
 */
import { StepwellError } from '@stepwell/contracts';
import { Cron } from 'croner';
import type { SlotTimes } from './due-slots.js';

export class CronTimes implements SlotTimes {
  private readonly cron: Cron;

  /** @throws when the expression or the zone is none; `checked` says so in better words */
  constructor(cron: string, zone: string) {
    // An offset of 0 is UTC without the price of a zone's rules.
    this.cron = new Cron(cron, { mode: '5-or-6-parts', ...(zone === 'UTC' ? { utcOffset: 0 } : { timezone: zone }) });
  }

  /**
   * @param where named in the error
   * @param now milliseconds since 1970
   * @throws StepwellError OPTION_INVALID when the zone is unknown, the expression is none, or it never falls due
   */
  static checked(cron: string, zone: string, where: string, now: number): CronTimes {
    const refuse = (reason: string, cause?: unknown) => new StepwellError('OPTION_INVALID', { where, reason }, { cause });
    if (!isZone(zone)) throw refuse(`"${zone}" is not a time zone. Write an IANA name such as "Europe/Berlin", or leave it out for UTC.`);
    let times: CronTimes;
    try {
      times = new CronTimes(cron, zone);
    } catch (cause) {
      throw refuse(`"${cron}" is not a cron expression: ${reasonOf(cause)}. ${HOW_TO}`, cause);
    }
    if (times.cron.getOnce()) throw refuse(`"${cron}" is an instant, not a cron expression. ${HOW_TO}`);
    if (times.next(now) === undefined) throw refuse(`"${cron}" never falls due.`);
    return times;
  }

  next(after: number): number | undefined {
    return this.cron.nextRun(new Date(after))?.getTime();
  }

  latest(count: number, until: number): number[] {
    // croner looks strictly before its reference.
    return this.cron
      .previousRuns(count, new Date(until + 1))
      .map((date) => date.getTime())
      .reverse();
  }
}

const HOW_TO = 'Write five fields (minute hour day month weekday), or six with seconds first.';

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/^Cron\w+: /, '').replace(/\.$/, '');
}
