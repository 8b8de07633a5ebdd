import type { WorkflowCatalog } from '@stepwell/engine';
import { businessCalendar } from '@stepwell/sdk';
import type { ListedCalendar } from './calendar.mapper.js';
import { CalendarResolver } from './calendar.resolver.js';

const resolver = new CalendarResolver({} as WorkflowCatalog);
const of = (hours: string, days: readonly string[]) =>
  ({ calendar: businessCalendar({ zone: 'UTC', hours: Object.fromEntries(days.map((day) => [day, hours])) }) }) as ListedCalendar;

it('a time that takes more than 15,000 days is not counted to its end for whoever asks; forty years of an office are', () => {
  const seldom = of('09:00-10:00', ['monday']);
  const refused = expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining('more than 15,000 days') as string });
  for (const time of ['80000bh', '10000bd', '4800000bm']) {
    expect(() => resolver.count(seldom, time, null)).toThrow(refused);
    expect(() => resolver.end(seldom, time, null)).toThrow(refused);
  }
  const office = of('09:00-17:00', ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']);
  for (const time of ['80000bh', '10000bd']) expect(resolver.count(office, time, null).days).toHaveLength(100);
});
