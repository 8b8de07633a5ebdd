import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { RunService } from '@stepwell/runtime';
import { ScheduleService } from '@stepwell/scheduling';
import { withErrors } from '../errors/with-errors.js';
import { checkedText } from '../wire/checked-text.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFirst } from '../wire/page.js';
import { RunScheduleNowPayload, ScheduleObject, SchedulePayload, SlotObject } from './schedule.object.js';

@Resolver(() => ScheduleObject)
@Policy('reviewer')
export class ScheduleResolver {
  constructor(
    private readonly service: ScheduleService,
    private readonly runs: RunService,
  ) {}

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

  // A schedule is named after its workflow, so in each tenant alike: what it is called is no id of a row.
  @Policy('operator')
  @Mutation(() => SchedulePayload, { description: 'Nothing fires until it is resumed, over restarts and deploys.' })
  pauseSchedule(
    @CurrentViewer() viewer: Viewer,
    @Args('schedule', { type: () => ID }) schedule: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<SchedulePayload> {
    return withErrors<{ schedule: ScheduleObject | null }>({ schedule: null }, async () => {
      const name = checkedText('schedule', schedule) ?? '';
      return { schedule: await this.service.pause(viewer.tenant, name, actorOf(viewer), checkedText('reason', reason)) };
    });
  }

  @Policy('operator')
  @Mutation(() => SchedulePayload, { description: 'Slots that came due during the pause stay skipped.' })
  resumeSchedule(@CurrentViewer() { tenant }: Viewer, @Args('schedule', { type: () => ID }) schedule: string): Promise<SchedulePayload> {
    return withErrors<{ schedule: ScheduleObject | null }>({ schedule: null }, async () => ({
      schedule: await this.service.resume(tenant, checkedText('schedule', schedule) ?? ''),
    }));
  }

  @Policy('operator')
  @Mutation(() => RunScheduleNowPayload, {
    description:
      "A run out of turn, with the schedule's input, also while it is paused. It counts as a run of the schedule. Refused while another one goes on, where runs may not overlap.",
  })
  runScheduleNow(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('schedule', { type: () => ID }) schedule: string,
  ): Promise<RunScheduleNowPayload> {
    return withErrors<{ run: Awaited<ReturnType<Loaders['run']['load']>> }>({ run: null }, async () => {
      const { tenant } = viewer;
      const id = checkedText('schedule', schedule) ?? '';
      const what = await this.service.outOfTurn(tenant, id);
      const request = { tenant, ...what, actor: actorOf(viewer) };
      const { runId } = await this.runs.start(request, (sql) => this.service.mayRunNow(sql, tenant, id));
      return { run: await loaders.run.load(runId) };
    });
  }
}
