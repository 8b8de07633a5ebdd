import { Args, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { WorkflowCatalog } from '@stepwell/engine';
import { countedDays, type TimeSpan, timeSpan } from '@stepwell/sdk';
import { DateTime as LocalTime } from 'luxon';
import { DateTime } from '../wire/date-time.scalar.js';
import { checkedFirst, MAX_PAGE } from '../wire/page.js';
import { listedCalendars, openingObjects, type ListedCalendar } from './calendar.mapper.js';
import { BusinessCountObject, BusinessDayObject, CalendarObject, UnusualDayObject } from './calendar.object.js';
import { WorkflowObject } from './workflow.object.js';

/** The longest time looks at every day of forty years: a request may ask for some sixty. */
const COUNT_COST = 300;
/** As many of a year as it may have, sorted: a request may ask for some two hundred years. */
const YEAR_COST = 100;
/** Some forty years. Times of open hours by a calendar that is seldom open reach further; due times are counted all the same. */
const MOST_DAYS = 15_000;
/** A year's holidays are computed once and kept; nobody has to see those of a thousand years. */
const YEARS = { first: 1970, last: 2100 };

/** A look ahead in business time: when an office is open, and what `2bd` comes to. */
@Resolver(() => CalendarObject)
@Policy('reviewer')
export class CalendarResolver {
  constructor(private readonly catalog: WorkflowCatalog) {}

  @Query(() => [CalendarObject], { description: 'Those by which the workflows of this process count; ones with a name first.' })
  calendars(): readonly ListedCalendar[] {
    return listedCalendars(this.catalog);
  }

  @Query(() => CalendarObject, { nullable: true })
  calendar(@Args('calendar', { type: () => ID }) id: string): ListedCalendar | null {
    return listedCalendars(this.catalog).find((one) => one.id === id) ?? null;
  }

  @ResolveField(() => [BusinessDayObject], { description: 'Its days with their hours, from the local day of an instant (default: today).' })
  days(
    @Parent() { calendar }: ListedCalendar,
    @Args('first', { type: () => Int }) first: number,
    @Args('from', { type: () => DateTime, nullable: true }) from: string | null | undefined,
  ): BusinessDayObject[] {
    const at = from ? Date.parse(from) : Date.now();
    return Array.from({ length: checkedFirst(first) }, (_, offset) => {
      const day = calendar.day(at, offset);
      return { ...day, openings: openingObjects(day.openings) };
    });
  }

  @ResolveField(() => [UnusualDayObject], {
    complexity: YEAR_COST,
    description: 'What of a year (default: this one) is not as its weekdays are.',
  })
  unusualDays(
    @Parent() { calendar }: ListedCalendar,
    @Args('year', { type: () => Int, nullable: true }) asked: number | null | undefined,
  ): UnusualDayObject[] {
    const year = asked ?? LocalTime.now().setZone(calendar.zone).year;
    if (year < YEARS.first || year > YEARS.last) throw refused(`${year} is no year from ${YEARS.first} to ${YEARS.last}.`);
    return calendar.unusualDays(year).map((day) => ({ ...day, openings: openingObjects(day.openings) }));
  }

  @ResolveField(() => DateTime, {
    complexity: COUNT_COST,
    description: 'When a time is over that begins at an instant (default: now): `4bh`, `2bd`, `36h`.',
  })
  end(
    @Parent() { calendar }: ListedCalendar,
    @Args('of', { type: () => String, defaultValue: '1bd' }) of: string,
    @Args('from', { type: () => DateTime, nullable: true }) from: string | null | undefined,
  ): Date {
    return endOf(spanOf(of, calendar), from ? Date.parse(from) : Date.now());
  }

  @ResolveField(() => BusinessCountObject, {
    complexity: COUNT_COST,
    description: 'The same, day by day. `from` is an instant, or a time of the zone: `2026-12-23T15:00`.',
  })
  count(
    @Parent() { calendar }: ListedCalendar,
    @Args('of', { type: () => String, defaultValue: '1bd' }) of: string,
    @Args('from', { type: () => String, nullable: true }) from: string | null | undefined,
  ): BusinessCountObject {
    const at = from ? localInstant(from, calendar.zone) : Date.now();
    const span = spanOf(of, calendar);
    return {
      ...{ from: new Date(at), begin: new Date(span.business === null ? at : calendar.nextOpening(at)), end: endOf(span, at) },
      ...{ isPlain: span.business === null, isInDays: span.isInDays },
      days: countedDays(span, calendar, at, MAX_PAGE).map((day) => ({ ...day, openings: openingObjects(day.openings) })),
    };
  }
}

@Resolver(() => WorkflowObject)
@Policy('reviewer')
export class WorkflowCalendarResolver {
  constructor(private readonly catalog: WorkflowCatalog) {}

  @ResolveField(() => CalendarObject, { nullable: true, description: 'By it the times of its waits and screens are counted.' })
  calendar(@Parent() { name, version }: WorkflowObject): ListedCalendar | null {
    const isIts = (use: { readonly workflow: string; readonly version: number }) => use.workflow === name && use.version === version;
    return listedCalendars(this.catalog).find(({ usedBy }) => usedBy.some(isIts)) ?? null;
  }
}

function spanOf(text: string, calendar: ListedCalendar['calendar']): TimeSpan {
  return orRefuse(() => timeSpan(text, calendar, 'of'));
}

function endOf(span: TimeSpan, at: number): Date {
  return orRefuse(() => new Date(span.end(at, MOST_DAYS)));
}

function orRefuse<T>(count: () => T): T {
  try {
    return count();
  } catch (error) {
    if (!(error instanceof StepwellError)) throw error;
    throw new StepwellError('INPUT_INVALID', { reason: error.message }, { cause: error });
  }
}

function localInstant(text: string, zone: string): number {
  const time = LocalTime.fromISO(text, { zone });
  if (time.isValid && time.year >= YEARS.first && time.year <= YEARS.last) return time.toMillis();
  throw refused(`"${text}" is no time from ${YEARS.first} to ${YEARS.last}. Write "2026-12-23T15:00".`);
}

function refused(reason: string): StepwellError {
  return new StepwellError('INPUT_INVALID', { reason });
}
