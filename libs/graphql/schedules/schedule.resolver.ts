import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { ScheduleService } from '@stepwell/scheduling';
import { DateTime } from '../wire/date-time.scalar.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
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
    @CurrentLoaders() loaders: Loaders,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<readonly SlotObject[]> {
    return loaders.slots.load({ schedule: id, limit: checkedFirst(first) });
  }
}
