import type { Json } from '@stepwell/contracts';
import { Args, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { ColumnValueObject } from '../columns/column-value.object.js';
import { DeliveryObject, EventObject } from '../events/event.object.js';
import { TaskObject } from '../tasks/task.object.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFirst, decodeCursor, encodeCursor, pageOf } from '../wire/page.js';
import { FactConnection } from './fact.object.js';
import { RunInterventionObject } from './intervention.object.js';
import { RelatedRunObject, RunObject } from './run.object.js';
import { readsStacks, withoutStacks } from './stacks.js';
import { StepObject } from './step.object.js';
import { WaitCauseObject } from './wait-cause.object.js';

/** What hangs on a run: loaded when it is asked for. */
@Resolver(() => RunObject)
@Policy('reviewer')
export class RunFieldsResolver {
  @ResolveField(() => String, { nullable: true, description: 'What it is about: the subject of its latest task.' })
  subject(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<string | null> {
    return loaders.subjectOfRun.load(id);
  }

  @ResolveField(() => Boolean, { description: 'An emitter’s run that went well and found nothing to read.' })
  isQuiet(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<boolean> {
    return loaders.isQuietRun.load(id);
  }

  @ResolveField(() => [WaitCauseObject], {
    description: 'Why it does not go on, or who is at work on it: what keeps it from everything first. None of a run that has ended.',
  })
  waitingBecause(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly WaitCauseObject[]> {
    return loaders.waitCausesOfRun.load(id);
  }

  @ResolveField(() => JsonScalar, { nullable: true })
  async input(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<Json> {
    return (await loaders.runPayloads.load(id)).input;
  }

  @ResolveField(() => JsonScalar, { nullable: true })
  async output(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<Json> {
    return (await loaders.runPayloads.load(id)).output;
  }

  @ResolveField(() => [ColumnValueObject], {
    description:
      'In the order in which they are shown; those of a step while the run stands there. None when the version of the run is not hosted.',
  })
  columns(
    @Parent() { id, workflow, version, actor }: RunObject,
    @CurrentLoaders() loaders: Loaders,
  ): Promise<readonly ColumnValueObject[]> {
    return loaders.columns.load({ id, workflow, version, actor });
  }

  @ResolveField(() => [StepObject], { description: 'One entry per node that was reached, in the order they were reached.' })
  steps(@Parent() run: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly StepObject[]> {
    return loaders.stepsOfRun.load(run);
  }

  @ResolveField(() => FactConnection)
  async journal(
    @Parent() { id }: RunObject,
    @CurrentLoaders() loaders: Loaders,
    @CurrentViewer() viewer: Viewer,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
  ): Promise<FactConnection> {
    const last = after == null ? 0 : Number(decodeCursor('fact', after, /^\d{1,9}$/));
    const rows = await loaders.facts.load({ runId: id, after: last, limit: checkedFirst(first) + 1 });
    return pageOf(
      rows,
      first,
      ({ seq }) => encodeCursor('fact', seq),
      (row) => (readsStacks(viewer) ? row : { ...row, payload: withoutStacks(row.payload) }),
    );
  }

  @ResolveField(() => [RunInterventionObject], { description: 'What people said to it: who, when and why; oldest first.' })
  interventions(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly RunInterventionObject[]> {
    return loaders.interventionsOfRun.load(id);
  }

  @ResolveField(() => [TaskObject])
  tasks(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly TaskObject[]> {
    return loaders.tasksOfRun.load(id);
  }

  @ResolveField(() => [RelatedRunObject], { description: 'The run or event that caused this one, and the runs that this one caused.' })
  related(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly RelatedRunObject[]> {
    return loaders.relatedRuns.load(id);
  }

  @ResolveField(() => [DeliveryObject], {
    description: 'What events did to this run: started it, woke it, canceled it, or were declined; oldest first.',
  })
  deliveries(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly DeliveryObject[]> {
    return loaders.deliveriesToRun.load(id);
  }

  @ResolveField(() => [EventObject], { description: 'Events this run emitted, with what they did.' })
  events(@Parent() { id }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly EventObject[]> {
    return loaders.eventsOfRun.load(id);
  }
}
