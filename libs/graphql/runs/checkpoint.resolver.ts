import { isTerminal, StepwellError } from '@stepwell/contracts';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { PortableCheckpoints, RunCheckpoints } from '@stepwell/runtime';
import { withErrors } from '../errors/with-errors.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFirst, decodeCursor, encodeCursor, pageOf } from '../wire/page.js';
import { isUuid } from '../wire/uuid.js';
import {
  CheckpointConnection,
  CheckpointDiffObject,
  ExportCheckpointPayload,
  InspectedCheckpointObject,
  PruneCheckpointsPayload,
  RunCheckpointPayload,
  RunStopObject,
} from './checkpoint.object.js';
import { RunObject } from './run.object.js';

/** Where a run has been: listed, looked at, compared, and let go of. */
@Resolver(() => RunObject)
export class CheckpointResolver {
  constructor(
    private readonly found: RunCheckpoints,
    private readonly portable: PortableCheckpoints,
  ) {}

  @Policy('reviewer')
  @ResolveField(() => CheckpointConnection, { description: 'Oldest first.' })
  async checkpoints(
    @Parent() { id }: RunObject,
    @CurrentLoaders() loaders: Loaders,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
  ): Promise<CheckpointConnection> {
    const last = after == null ? 0 : Number(decodeCursor('checkpoint', after, /^\d{1,9}$/));
    const rows = await loaders.checkpoints.load({ runId: id, after: last, limit: checkedFirst(first) + 1 });
    return pageOf(
      rows,
      first,
      ({ seq }) => encodeCursor('checkpoint', seq),
      (row) => row,
    );
  }

  @Policy('reviewer')
  @ResolveField(() => [RunStopObject], {
    description: 'Behind which steps its workflow has stopped it, oldest first: it goes on when each of these checkpoints was run.',
  })
  async stops(@Parent() { id, status }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly RunStopObject[]> {
    return isTerminal(status) ? [] : loaders.stopsOfRun.load(id);
  }

  @Policy('reviewer')
  @Query(() => InspectedCheckpointObject, { nullable: true, description: 'Null when there is none, or it was pruned.' })
  async checkpoint(
    @CurrentViewer() { tenant }: Viewer,
    @Args('runId', { type: () => ID }) runId: string,
    @Args('seq', { type: () => Int }) seq: number,
  ): Promise<InspectedCheckpointObject | null> {
    return isUuid(runId) ? ((await this.found.at({ tenant, runId, seq })) ?? null) : null;
  }

  @Policy('reviewer')
  @Query(() => CheckpointDiffObject, { nullable: true, description: 'Null when one of them is not there.' })
  async checkpointDiff(
    @CurrentViewer() { tenant }: Viewer,
    @Args('runId', { type: () => ID }) runId: string,
    @Args('from', { type: () => Int }) from: number,
    @Args('to', { type: () => Int }) to: number,
  ): Promise<CheckpointDiffObject | null> {
    const changes = isUuid(runId) ? await this.found.changes({ tenant, runId, seq: from }, to) : undefined;
    if (!changes) return null;
    return {
      changes: changes.map(({ before, after, ...change }) => ({
        ...change,
        kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
        before: before ?? null,
        after: after ?? null,
      })),
    };
  }

  @Policy('operator')
  @Mutation(() => PruneCheckpointsPayload, {
    description:
      'Lets go of the checkpoints before one: nothing goes on from them, and what steps had saved there and nobody needs is removed.',
  })
  pruneCheckpoints(
    @CurrentViewer() { tenant }: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID, description: 'Of the run.' }) id: string,
    @Args('before', { type: () => Int, description: 'The seq of the first checkpoint that stays.' }) before: number,
  ): Promise<PruneCheckpointsPayload> {
    return withErrors<{ run: RunObject | null; pruned: number }>({ run: null, pruned: 0 }, async () => {
      const run = await loaders.run.load(id);
      if (!isUuid(id) || !run) throw new StepwellError('RUN_NOT_FOUND', { id });
      return { run, pruned: await this.found.prune({ tenant, runId: id, seq: before }) };
    });
  }

  @Policy('operator')
  @Mutation(() => ExportCheckpointPayload, { description: 'A checkpoint as a text, to be kept anywhere: one run may go on from it, once.' })
  exportCheckpoint(
    @CurrentViewer() { tenant }: Viewer,
    @Args('runId', { type: () => ID }) runId: string,
    @Args('seq', { type: () => Int }) seq: number,
    @Args('expiresInHours', { type: () => Int, defaultValue: 168, description: 'At most 90 days.' }) expiresInHours: number,
  ): Promise<ExportCheckpointPayload> {
    return withErrors<{ checkpoint: string | null; expiresAt: Date | null }>({ checkpoint: null, expiresAt: null }, async () => {
      if (!isUuid(runId)) throw new StepwellError('RUN_NOT_FOUND', { id: runId });
      const { text, expiresAt } = await this.portable.issue({ tenant, runId, seq }, expiresInHours);
      return { checkpoint: text, expiresAt };
    });
  }

  @Policy('operator')
  @Mutation(() => RunCheckpointPayload, {
    description:
      'Goes on from a checkpoint that was kept as a text, at the next step, once: its run itself where it is stopped there, else another run.',
  })
  runCheckpoint(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('checkpoint', { type: () => String }) checkpoint: string,
    @Args('overrideData', {
      type: () => JsonScalar,
      nullable: true,
      description: 'Fields in the place of those of the input, each as a whole; with the others they have to fit its class.',
    })
    overrideData?: unknown,
    @Args('reason', { type: () => String, nullable: true }) reason?: string | null,
    @Args('itself', {
      type: () => Boolean,
      defaultValue: false,
      description: 'Only its run itself: where that is stopped no more, no other one goes on (CHECKPOINT_USED).',
    })
    isItself?: boolean,
  ): Promise<RunCheckpointPayload> {
    const { tenant } = viewer;
    const said = { overrideData: overrideData ?? undefined, reason: reason ?? null, isItself: isItself ?? false };
    const use = { tenant, checkpoint, actor: actorOf(viewer), ...said };
    return withErrors<{ run: RunObject | null }>(
      { run: null },
      async () => ({ run: await loaders.run.load(await this.portable.use(use)) }),
      { argument: 'overrideData' },
    );
  }
}
