import { StepwellError } from '@stepwell/contracts';
import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { RunFork } from '@stepwell/runtime';
import { UserErrorObject } from '../errors/user-error.object.js';
import { withErrors } from '../errors/with-errors.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { isUuid } from '../wire/uuid.js';
import { RunObject } from './run.object.js';

@InputType('NodeInput')
export class NodeInput {
  @Field(() => String, { description: 'As in RunStep.path.' })
  readonly path!: string;

  @Field(() => String, { defaultValue: '', description: 'As in RunStep.iteration; empty outside of loops.' })
  readonly iteration!: string;
}

@InputType('EditedOutputInput')
export class EditedOutputInput extends NodeInput {
  @Field(() => JsonScalar, { nullable: true })
  readonly output?: unknown;
}

@ObjectType('ForkRunPayload')
export class ForkRunPayload {
  @Field(() => RunObject, { nullable: true, description: 'The fork.' })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

/** Another run that goes on from where this one was. */
@Resolver(() => RunObject)
@Policy('operator')
export class RunForkResolver {
  constructor(private readonly forks: RunFork) {}

  @Mutation(() => ForkRunPayload, {
    description: 'Starts another run as this one was before it came to a node, which then begins. What was done before is not done again.',
  })
  forkRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('from', { type: () => NodeInput, nullable: true, description: 'Without it: from the start.' }) from?: NodeInput | null,
    @Args('input', { type: () => JsonScalar, nullable: true, description: "In place of the run's; without it, or with null, that." })
    input?: unknown,
    @Args('outputs', { type: () => [EditedOutputInput], nullable: true, description: 'In place of those that nodes had.' })
    outputs?: readonly EditedOutputInput[] | null,
    @Args('checkpoint', { type: () => Int, nullable: true, description: 'Behind this one of run.checkpoints, in place of from.' })
    checkpoint?: number | null,
    @Args('reason', { type: () => String, nullable: true }) reason?: string | null,
  ): Promise<ForkRunPayload> {
    return withErrors(
      { run: null },
      async () => {
        if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
        if (from && checkpoint != null)
          throw new StepwellError('INPUT_INVALID', { reason: 'A fork goes on from a node or behind a checkpoint. Leave one of them out.' });
        const runId = await this.forks.fork({
          ...{
            tenant: viewer.tenant,
            runId: id,
            from: from ? { path: from.path, iteration: from.iteration } : null,
            input: input ?? undefined,
          },
          ...{ outputs: outputs ?? [], checkpoint: checkpoint ?? undefined, actor: actorOf(viewer), reason: reason ?? null },
        });
        return { run: await loaders.run.load(runId) };
      },
      { argument: 'input' },
    );
  }
}
