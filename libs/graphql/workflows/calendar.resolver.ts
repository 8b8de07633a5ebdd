import { Args, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { WorkflowCatalog } from '@stepwell/engine';
import { type BusinessCalendar, timeSpan } from '@stepwell/sdk';
import { DateTime } from '../wire/date-time.scalar.js';
import { checkedFirst } from '../wire/page.js';
import { BusinessDayObject, CalendarObject } from './calendar.object.js';
import { WorkflowObject } from './workflow.object.js';

/** A look ahead in business time: when an office is open, and what `2bd` comes to. */
@Resolver(() => CalendarObject)
@Policy('reviewer')
export class CalendarResolver {
  @ResolveField(() => [BusinessDayObject], { description: 'Its days with their hours, from the local day of an instant (default: today).' })
  days(
    @Parent() calendar: BusinessCalendar,
    @Args('first', { type: () => Int }) first: number,
    @Args('from', { type: () => DateTime, nullable: true }) from: string | null | undefined,
  ): BusinessDayObject[] {
    const at = instant(from);
    return Array.from({ length: checkedFirst(first) }, (_, offset) => {
      const { openings, ...day } = calendar.day(at, offset);
      return { ...day, openings: openings.map((one) => ({ from: new Date(one.from), to: new Date(one.to) })) };
    });
  }

  @ResolveField(() => DateTime, { description: 'When a time is over that begins at an instant (default: now): `4bh`, `2bd`, `36h`.' })
  end(
    @Parent() calendar: BusinessCalendar,
    @Args('of', { type: () => String, defaultValue: '1bd' }) of: string,
    @Args('from', { type: () => DateTime, nullable: true }) from: string | null | undefined,
  ): Date {
    try {
      return new Date(timeSpan(of, calendar, 'of').end(instant(from)));
    } catch (error) {
      if (!(error instanceof StepwellError)) throw error;
      throw new StepwellError('INPUT_INVALID', { reason: error.message }, { cause: error });
    }
  }
}

@Resolver(() => WorkflowObject)
@Policy('reviewer')
export class WorkflowCalendarResolver {
  constructor(private readonly catalog: WorkflowCatalog) {}

  @ResolveField(() => CalendarObject, { nullable: true, description: 'By it the times of its waits and screens are counted.' })
  calendar(@Parent() { name, version }: WorkflowObject): BusinessCalendar | null {
    return this.catalog.version(name, version)?.definition.calendar ?? null;
  }
}

function instant(from: string | null | undefined): number {
  return from ? Date.parse(from) : Date.now();
}
