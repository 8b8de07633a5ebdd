// A year at a glance: each month with its closed days, holidays and days with hours of their own; below it the same as a list.
import '@mantine/dates/styles.css';
import { Button } from '@mantine/core';
import { Month } from '@mantine/dates';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { unusualWords } from './calendar-words.js';
import { isYear } from './calendar-search.js';
import type { CalendarDetails, UnusualDay } from './calendars.query.js';
import { formatDate } from './zone-time.js';
import frame from '../list/list.module.css';
import classes from './calendars.module.css';

type Kind = 'holiday' | 'closed' | 'own' | 'off';

const KINDS: readonly (readonly [Kind, string])[] = [
  ['off', 'no working day'],
  ['holiday', 'public holiday'],
  ['closed', 'closed'],
  ['own', 'hours of its own'],
];
const MONTHS = Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0'));
const MONTH_NAME = new Intl.DateTimeFormat(undefined, { month: 'long', timeZone: 'UTC' });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' });
const CLASSES = { day: classes.day ?? '', weekday: classes.weekday ?? '', monthCell: classes.cell ?? '' };

interface YearViewProps {
  readonly calendar: CalendarDetails;
  readonly year: number;
}

export function YearView({ calendar: { week, unusualDays, zone }, year }: YearViewProps) {
  const unusual = useMemo(() => new Map(unusualDays.map((day) => [day.date, day])), [unusualDays]);
  const kindOf = (date: string) => {
    const day = unusual.get(date);
    if (day) return kindOfUnusual(day);
    // Monday first, as the week of a calendar is.
    return week[(new Date(date).getUTCDay() + 6) % 7]?.hours.length === 0 ? 'off' : undefined;
  };
  const wordsOf = (date: string) => {
    const day = unusual.get(date);
    return day ? unusualWords(day, zone) : kindOf(date) === 'off' ? 'no working day' : '';
  };
  return (
    <section className={`panel ${frame.box} ${classes.year}`} aria-labelledby="calendar-year">
      <div className={classes.yearHead}>
        <h2 id="calendar-year" className={frame.boxTitle}>
          {year}
        </h2>
        <ul className={classes.legend} aria-label="Marks">
          {KINDS.map(([kind, words]) => (
            <li key={kind}>
              <span className={classes.swatch} data-kind={kind} aria-hidden="true" /> {words}
            </li>
          ))}
        </ul>
        <nav className={classes.turn} aria-label="Other years">
          <YearLink year={year - 1}>
            <IconChevronLeft size={14} aria-hidden="true" /> {year - 1}
          </YearLink>
          <YearLink year={year + 1}>
            {year + 1} <IconChevronRight size={14} aria-hidden="true" />
          </YearLink>
        </nav>
      </div>
      <div className={classes.months}>
        {MONTHS.map((month) => (
          <div key={month}>
            <h3 className={classes.month}>{MONTH_NAME.format(new Date(`${year}-${month}-01`))}</h3>
            <Month
              static
              fullWidth
              hideOutsideDates
              __preventFocus
              aria-label={`${MONTH_NAME.format(new Date(`${year}-${month}-01`))} ${year}`}
              month={`${year}-${month}-01`}
              weekendDays={[]}
              weekdayFormat={(date) => WEEKDAY.format(new Date(`${date}T00:00:00Z`)).slice(0, 2)}
              classNames={CLASSES}
              // A day says what it is by its text: a label is for what one may act on.
              getDayProps={(date) => ({ 'aria-label': undefined, 'data-kind': kindOf(date), title: wordsOf(date) || undefined })}
              renderDay={(date) => (
                <>
                  {Number(date.slice(8))}
                  {wordsOf(date) ? <span className="visually-hidden"> {wordsOf(date)}</span> : null}
                </>
              )}
            />
          </div>
        ))}
      </div>
      {unusualDays.length === 0 ? (
        <p className={classes.soft}>No day of {year} is other than its weekday.</p>
      ) : (
        <ul className={classes.unusual} aria-label={`Unusual days of ${year}`}>
          {unusualDays.map((day) => (
            <li key={day.date}>
              <span className={classes.swatch} data-kind={kindOfUnusual(day)} aria-hidden="true" />
              <span className="numbers">{formatDate(day.date)}</span>
              <span>{unusualWords(day, zone)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function YearLink({ year, children }: { readonly year: number; readonly children: ReactNode }) {
  if (!isYear(year)) return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      renderRoot={(props) => <Link from="/calendars/$calendarId" to="." search={(search) => ({ ...search, year })} replace {...props} />}
    >
      {children}
    </Button>
  );
}

function kindOfUnusual({ openings, holiday }: UnusualDay): Kind {
  if (openings.length > 0) return 'own';
  return holiday === null ? 'closed' : 'holiday';
}
