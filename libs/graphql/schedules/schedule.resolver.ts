import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { ScheduleService } from '@stepwell/scheduling';
import { DateTime } from '../wire/date-time.scalar.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { checkedFirst } from '../wire/page.js';
import { ScheduleObject, SlotObject } from './schedule.object.js';

@Resolver(() => ScheduleObject)
@Policy('reviewer')
export class ScheduleResolver {
  constructor(private readonly service: ScheduleService) {}

  @Query(() => [ScheduleObject])
  schedules(@CurrentViewer() { tenant }: Viewer): Promise<readonly ScheduleObject[]> {
    return this.service.list(tenant);
  }

  @ResolveField(() => [DateTime])
  nextFirings(@Parent() schedule: ScheduleObject, @Args('first', { type: () => Int }) first: number): string[] {
    return schedule.nextFirings(checkedFirst(first));
  }

  @ResolveField(() => [SlotObject], { description: 'Its latest slots, newest first.' })
  slots(
    @Parent() { id }: ScheduleObject,
    @CurrentViewer() { tenant }: Viewer,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<readonly SlotObject[]> {
    return this.service.slots(tenant, id, checkedFirst(first));
  }
}
