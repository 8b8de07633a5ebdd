import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy } from '@stepwell/access';
import { ScheduleObject } from '../schedules/schedule.object.js';
import { CurrentLoaders } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFirst } from '../wire/page.js';
import { EmitterReads } from './emitter-reads.js';
import { EmitterObject, EmitterRunObject, LedgerObject, RejectedRecordObject } from './emitter.object.js';

@Resolver(() => EmitterObject)
@Policy('reviewer')
export class EmitterResolver {
  constructor(private readonly reads: EmitterReads) {}

  @Query(() => [EmitterObject])
  emitters(): EmitterObject[] {
    return this.reads.all();
  }

  @Query(() => EmitterObject, { nullable: true })
  emitter(@Args('name', { type: () => String }) name: string): EmitterObject | null {
    return this.reads.get(name);
  }

  @ResolveField(() => ScheduleObject, { nullable: true })
  schedule(@Parent() { name }: EmitterObject, @CurrentLoaders() loaders: Loaders): Promise<ScheduleObject | null> {
    return loaders.scheduleOf.load(name);
  }

  @ResolveField(() => LedgerObject, { description: 'Counted in one snapshot over everything this emitter ever read.' })
  ledger(@Parent() { name }: EmitterObject, @CurrentLoaders() loaders: Loaders): Promise<LedgerObject> {
    return loaders.ledger.load(name);
  }

  @ResolveField(() => [EmitterRunObject], { description: 'Its latest runs, newest first.' })
  async runs(
    @Parent() { name }: EmitterObject,
    @CurrentLoaders() loaders: Loaders,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<EmitterRunObject[]> {
    return (await loaders.latestRuns.load({ workflow: name, limit: checkedFirst(first) })).map((run) => ({ run }));
  }

  @ResolveField(() => [RejectedRecordObject], { description: 'Rejected records, newest first.' })
  rejected(
    @Parent() { name }: EmitterObject,
    @CurrentLoaders() loaders: Loaders,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<RejectedRecordObject[]> {
    return loaders.rejected.load({ emitter: name, limit: checkedFirst(first) });
  }
}

@Resolver(() => EmitterRunObject)
@Policy('reviewer')
export class EmitterRunResolver {
  @ResolveField(() => LedgerObject)
  ledger(@Parent() { run }: EmitterRunObject, @CurrentLoaders() loaders: Loaders): Promise<LedgerObject> {
    return loaders.ledgerOfRun.load(run.id);
  }
}
