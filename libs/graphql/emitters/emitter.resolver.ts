import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { RunReads } from '../runs/run-reads.js';
import { ScheduleObject } from '../schedules/schedule.object.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { EmitterReads } from './emitter-reads.js';
import { EmitterObject, EmitterRunObject, LedgerObject, RejectedRecordObject } from './emitter.object.js';

@Resolver(() => EmitterObject)
@Policy('reviewer')
export class EmitterResolver {
  constructor(
    private readonly emitterReads: EmitterReads,
    private readonly runReads: RunReads,
  ) {}

  @Query(() => [EmitterObject])
  emitters(): EmitterObject[] {
    return this.emitterReads.all();
  }

  @Query(() => EmitterObject, { nullable: true })
  emitter(@Args('name', { type: () => String }) name: string): EmitterObject | null {
    return this.emitterReads.get(name);
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
    @CurrentViewer() { tenant }: Viewer,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<EmitterRunObject[]> {
    return (await this.runReads.latest(tenant, name, first)).map((run) => ({ run }));
  }

  @ResolveField(() => [RejectedRecordObject], { description: 'Rejected records, newest first.' })
  rejected(
    @Parent() { name }: EmitterObject,
    @CurrentViewer() { tenant }: Viewer,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<RejectedRecordObject[]> {
    return this.emitterReads.rejected(tenant, name, first);
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
