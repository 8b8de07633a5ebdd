import { CronTimes } from './cron-times.js';
import { cronWords } from './cron-words.js';

const at = (iso: string) => Date.parse(iso);

function next(cron: string, zone: string, after: string, count: number): string[] {
  const times = new CronTimes(cron, zone);
  const found: string[] = [];
  for (let time = times.next(at(after)); time !== undefined && found.length < count; time = times.next(time))
    found.push(new Date(time).toISOString());
  return found;
}

describe('due times of a cron expression', () => {
  it('come after the instant, never at it, and are in UTC unless a zone is named', () => {
    expect(next('0 9 * * *', 'UTC', '2026-06-01T09:00:00Z', 1)).toEqual(['2026-06-02T09:00:00.000Z']);
    expect(next('0 9 * * *', 'UTC', '2026-06-01T08:59:59.999Z', 1)).toEqual(['2026-06-01T09:00:00.000Z']);
    expect(next('0 9 * * *', 'Europe/Berlin', '2026-06-01T00:00:00Z', 1)).toEqual(['2026-06-01T07:00:00.000Z']);
    expect(next('*/20 * * * * *', 'UTC', '2026-06-01T00:00:00Z', 2)).toEqual(['2026-06-01T00:00:20.000Z', '2026-06-01T00:00:40.000Z']);
  });

  it('are the same looking back', () => {
    const times = new CronTimes('*/10 * * * *', 'Europe/Berlin');
    const latest = times.latest(9, at('2026-10-25T02:00:00Z'));
    expect(new Date(latest.at(-1) ?? 0).toISOString()).toBe('2026-10-25T02:00:00.000Z');
    expect(latest.slice(1).map((time, index) => time - (latest[index] ?? 0))).toEqual(Array(8).fill(600_000));
  });

  describe.each([
    // The night the clocks go forward, 02:00 to 03:00, and the one they go back.
    {
      zone: 'Europe/Berlin',
      spring: '2026-03-29',
      springGapEnd: '01:00',
      winter: '01:30',
      summer: '00:30',
      autumn: '2026-10-25',
      twice: '30 2 * * *',
      firstOfTwo: '00:30',
      secondOfTwo: '01:30',
    },
    {
      zone: 'America/New_York',
      spring: '2026-03-08',
      springGapEnd: '07:00',
      winter: '07:30',
      summer: '06:30',
      autumn: '2026-11-01',
      twice: '30 1 * * *',
      firstOfTwo: '05:30',
      secondOfTwo: '06:30',
    },
  ])('in $zone', ({ zone, spring, springGapEnd, winter, summer, autumn, twice, firstOfTwo, secondOfTwo }) => {
    const day = (date: string, offset: number) => new Date(at(`${date}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10);

    it('a fixed time in the gap falls due right after it, once, and is back at its time the day after', () => {
      expect(next('30 2 * * *', zone, `${day(spring, -1)}T00:00:00Z`, 3)).toEqual([
        `${day(spring, -1)}T${winter}:00.000Z`,
        `${spring}T${springGapEnd}:00.000Z`,
        `${day(spring, 1)}T${summer}:00.000Z`,
      ]);
    });

    it('an interval leaves out the times that do not exist', () => {
      const gapEnd = at(`${spring}T${springGapEnd}:00Z`);
      const iso = (minutes: number) => new Date(gapEnd + minutes * 60_000).toISOString();
      expect(next('*/30 * * * *', zone, iso(-31), 4)).toEqual([iso(-30), iso(0), iso(30), iso(60)]);
      // 02:15 and 02:45 by the wall do not exist on this day.
      expect(next('15,45 2 * * *', zone, iso(-1), 1)[0]).toMatch(day(spring, 1));
    });

    it('a fixed time in the repeated hour falls due at the first of the two, once', () => {
      expect(next(twice, zone, `${autumn}T00:00:00Z`, 2)).toEqual([
        `${autumn}T${firstOfTwo}:00.000Z`,
        `${day(autumn, 1)}T${secondOfTwo}:00.000Z`,
      ]);
    });

    it('an interval falls due in both of them', () => {
      const first = at(`${autumn}T${firstOfTwo}:00Z`);
      const iso = (hours: number) => new Date(first + hours * 3_600_000).toISOString();
      expect(next('30 * * * *', zone, iso(-1), 4)).toEqual([iso(0), iso(1), iso(2), iso(3)]);
    });
  });
});

describe('a schedule that is checked at boot', () => {
  const check =
    (cron: string, zone = 'UTC') =>
    () =>
      CronTimes.checked(cron, zone, 'Workflow "x", schedule', at('2026-06-01T00:00:00Z'));

  it.each(['* * * * *', '*/5 * * * * *', '@daily', '0 9 * * MON#1', '0 0 L * *', '0 12 1 * +MON'])('may be %s', (cron) => {
    expect(check(cron)).not.toThrow();
  });

  it.each([
    [
      '61 * * * *',
      'UTC',
      '"61 * * * *" is not a cron expression: Invalid value for minute: 61. Write five fields (minute hour day month weekday), or six with seconds first.',
    ],
    ['* * * *', 'UTC', '"* * * *" is not a cron expression: invalid configuration format'],
    ['', 'UTC', '"" is not a cron expression'],
    ['every day', 'UTC', '"every day" is not a cron expression'],
    ['* * * * * * 2030', 'UTC', 'requires exactly 5 or 6 parts'],
    ['2030-01-23T00:00:00', 'UTC', '"2030-01-23T00:00:00" is an instant, not a cron expression. Write five fields'],
    ['0 0 30 2 *', 'UTC', '"0 0 30 2 *" never falls due.'],
    [
      '* * * * *',
      'Europe/Berlyn',
      '"Europe/Berlyn" is not a time zone. Write an IANA name such as "Europe/Berlin", or leave it out for UTC.',
    ],
    ['* * * * *', '', '"" is not a time zone.'],
  ])('may not be "%s" in "%s"', (cron, zone, sentence) => {
    expect(check(cron, zone)).toThrow(`Workflow "x", schedule: `);
    expect(check(cron, zone)).toThrow(sentence);
  });
});

describe('a cron expression in words', () => {
  it.each([
    ['*/5 * * * *', 'Every 5 minutes'],
    ['30 2 * * 1-5', 'At 02:30, Monday through Friday'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['0 12 1 * +MON', '0 12 1 * +MON'],
  ])('%s is "%s"', (cron, words) => expect(cronWords(cron)).toBe(words));
});
