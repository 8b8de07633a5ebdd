/** Public holidays by country, as the package date-holidays knows them. */
import { createRequire } from 'node:module';
import { StepwellError } from '@stepwell/contracts';
import { DateTime } from 'luxon';
import type Holidays from 'date-holidays';

/** Where holidays are asked for: ISO 3166 codes, and a region as date-holidays names it: `{ country: 'DE', state: 'BE' }`. */
export interface HolidayPlace {
  readonly country: string;
  readonly state?: string | undefined;
  readonly region?: string | undefined;
}

/** The names of the holidays of a year, by local date: `'2026-12-25'`. */
export type HolidaysOfYear = ReadonlyMap<string, string>;

/**
 * @returns what is closed in a year: public holidays only, those that are observed on another day on that day
 * @throws StepwellError OPTION_INVALID for a place that is not known
 */
export function holidaysAt({ country, state, region }: HolidayPlace, where: string): (year: number) => HolidaysOfYear {
  const calendar = new (holidayTables())(country, state ?? '', region ?? '', { types: ['public'] });
  if (!isPlace(calendar, { country, state, region }))
    throw new StepwellError('OPTION_INVALID', {
      where,
      reason: `no holidays are known of ${[country, state, region].filter((one) => one !== undefined).join(', ')}. Write { country: 'DE', state: 'BE' }, with ISO 3166 codes.`,
    });
  const [zone = 'UTC'] = calendar.getTimezones();
  return (year) => {
    const names = new Map<string, string>();
    for (const { start, end, name } of calendar.getHolidays(year)) {
      // A holiday may begin at sunset: it is that of the days whose noon it has.
      let day = DateTime.fromJSDate(start, { zone }).startOf('day').plus({ hours: 12 });
      for (; day.toMillis() < end.getTime(); day = day.plus({ days: 1 }))
        if (day.toMillis() >= start.getTime()) names.set(day.toISODate() ?? '', name);
    }
    return names;
  };
}

function isPlace(calendar: Holidays, { country, state, region }: Partial<HolidayPlace>): boolean {
  const has = (known: Record<string, string> | undefined, code: string | undefined) => code === undefined || known?.[code] !== undefined;
  return (
    has(calendar.getCountries(), country) &&
    has(calendar.getStates(country ?? ''), state) &&
    has(calendar.getRegions(country ?? '', state ?? ''), region)
  );
}

let tables: typeof Holidays | undefined;

/** Read when a calendar first asks for them: they are some megabytes, and most processes ask for none. */
function holidayTables(): typeof Holidays {
  tables ??= createRequire(import.meta.url)('date-holidays') as typeof Holidays;
  return tables;
}
