/**
 * When the clocks on the wall show what, minute by minute, asked of the platform's own calendar; and by that the due times of a cron
 * expression, found by looking at every minute. Slow, simple, and with nothing in common with what it is compared with.
 *
 * A fixed time is due once on each day that the wall shows: at the first minute that shows it, or, when none does, at the first one after.
 * Everything else is due at each minute that fits.
 */
const MINUTE = 60_000;

export interface Cron {
  readonly text: string;
  readonly minutes: readonly number[];
  /** Null: every hour. */
  readonly hours: readonly number[] | null;
  readonly isFixed: boolean;
}

export const CRONS: readonly Cron[] = [
  { text: '30 2 * * *', minutes: [30], hours: [2], isFixed: true },
  { text: '15 0 * * *', minutes: [15], hours: [0], isFixed: true },
  { text: '0 3 * * *', minutes: [0], hours: [3], isFixed: true },
  { text: '30 1 * * *', minutes: [30], hours: [1], isFixed: true },
  { text: '20 * * * *', minutes: [20], hours: null, isFixed: false },
  { text: '*/15 0-3 * * *', minutes: [0, 15, 30, 45], hours: [0, 1, 2, 3], isFixed: false },
  { text: '10,50 1,2 * * *', minutes: [10, 50], hours: [1, 2], isFixed: false },
];

/** One zone around one night in which its clocks are changed. */
export class WallClock {
  private readonly minutes: { readonly at: number; readonly day: string; readonly hour: number; readonly minute: number }[] = [];
  private readonly due = new Map<Cron, readonly number[]>();

  /** @param from milliseconds since 1970, a full minute */
  constructor(
    readonly zone: string,
    readonly from: number,
    readonly until: number,
  ) {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'short' });
    for (let at = from; at <= until; at += MINUTE) {
      const [day = '', time = ''] = format.format(at).split(', ');
      const [hour, minute] = time.split(':').map(Number);
      this.minutes.push({ at, day, hour: hour ?? 0, minute: minute ?? 0 });
    }
  }

  /** Due times after one instant, up to another. */
  dueIn(cron: Cron, after: number, until: number): readonly number[] {
    let all = this.due.get(cron);
    if (!all) this.due.set(cron, (all = cron.isFixed ? this.onceADay(cron) : this.whereverItFits(cron)));
    return all.filter((at) => at > after && at <= until);
  }

  private whereverItFits({ minutes, hours }: Cron): number[] {
    return this.minutes.filter(({ hour, minute }) => minutes.includes(minute) && (hours?.includes(hour) ?? true)).map(({ at }) => at);
  }

  private onceADay({ minutes: [wanted = 0], hours }: Cron): number[] {
    const time = (hours?.[0] ?? 0) * 60 + wanted;
    const days = [...new Set(this.minutes.map(({ day }) => day))].slice(1);
    return days.flatMap((day) => this.minutes.find((one) => one.day === day && one.hour * 60 + one.minute >= time)?.at ?? []);
  }
}
