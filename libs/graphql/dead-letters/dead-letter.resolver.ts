import { type Json, StepwellError } from '@stepwell/contracts';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { DeadLetters } from '@stepwell/runtime';
import { withErrors } from '../errors/with-errors.js';
import { StepObject } from '../runs/step.object.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { isUuid } from '../wire/uuid.js';
import { DeadLetterReads, letterOf, storedFilter } from './dead-letter-reads.js';
import {
  DeadLetterConnection,
  DeadLetterFilter,
  DeadLetterObject,
  DismissDeadLetterPayload,
  ReinjectRunPayload,
  SettleDeadLettersPayload,
} from './dead-letter.object.js';

/** Runs that have failed for good, and what becomes of them. */
@Resolver(() => DeadLetterObject)
@Policy('reviewer')
export class DeadLetterResolver {
  constructor(
    private readonly reads: DeadLetterReads,
    private readonly letters: DeadLetters,
  ) {}

  @Query(() => DeadLetterConnection, { description: 'The last that failed first.' })
  async deadLetters(
    @CurrentViewer() { tenant }: Viewer,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Args('filter', { type: () => DeadLetterFilter, nullable: true }) filter: DeadLetterFilter | null | undefined,
  ): Promise<DeadLetterConnection> {
    return { ...(await this.reads.page(tenant, { first, after }, filter)), filter: filter ?? null };
  }

  @Query(() => DeadLetterObject, { nullable: true, description: 'By the id of its run; null when that is none, or none any more.' })
  async deadLetter(@Args('id', { type: () => ID }) id: string, @CurrentLoaders() loaders: Loaders): Promise<DeadLetterObject | null> {
    const run = await loaders.run.load(id);
    return run?.isDeadLetter === true ? letterOf(run) : null;
  }

  @ResolveField(() => JsonScalar, { nullable: true, description: 'The input of the run as it was when it failed, updates included.' })
  async input(@Parent() { run }: DeadLetterObject, @CurrentLoaders() loaders: Loaders): Promise<Json> {
    return (await loaders.failureOfRun.load(run)).input;
  }

  @ResolveField(() => [StepObject], { description: 'The steps that failed the run, with their attempts.' })
  async failedSteps(@Parent() { run }: DeadLetterObject, @CurrentLoaders() loaders: Loaders): Promise<readonly StepObject[]> {
    return (await loaders.failureOfRun.load(run)).steps;
  }

  @Policy('operator')
  @Mutation(() => ReinjectRunPayload, {
    description:
      'Without an input the run is retried: another one goes on where it failed. With one, another run begins from the start with it, and with idempotency keys of its own.',
  })
  reinjectRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('input', { type: () => JsonScalar, nullable: true, description: "In place of the run's; without it, or with null, that." })
    input: Json | undefined,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<ReinjectRunPayload> {
    const reinject = async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      const runId = await this.letters.reinject({ ...by(viewer, reason), runId: id, input: input ?? undefined });
      return { run: await loaders.run.load(runId) };
    };
    return withErrors({ run: null }, reinject, { argument: 'input' });
  }

  @Policy('operator')
  @Mutation(() => DismissDeadLetterPayload, { description: 'Nothing more is to be done: it leaves the list, and its run stays as it is.' })
  dismissDeadLetter(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<DismissDeadLetterPayload> {
    return withErrors({ run: null }, async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      await this.letters.dismiss({ ...by(viewer, reason), runId: id });
      return { run: await loaders.run.load(id) };
    });
  }

  @Policy('operator')
  @Mutation(() => SettleDeadLettersPayload, { description: 'Retries those that fit, at most 100 at a time, the last that failed first.' })
  reinjectDeadLetters(
    @CurrentViewer() viewer: Viewer,
    @Args('filter', { type: () => DeadLetterFilter }) filter: DeadLetterFilter,
    @Args('dryRun', { type: () => Boolean, description: 'Says how many fit, and does nothing.' }) dryRun: boolean,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<SettleDeadLettersPayload> {
    return this.settleAll(viewer, filter, dryRun, async () => {
      const done = await this.letters.reinjectAll(by(viewer, reason), storedFilter(filter));
      const refused = done.flatMap(({ runId, refusal }) => (refusal ? [{ runId, code: refusal.code, message: refusal.message }] : []));
      return { settled: done.length - refused.length, refused };
    });
  }

  @Policy('operator')
  @Mutation(() => SettleDeadLettersPayload, {
    description: 'Dismisses those that fit, at most 1,000 at a time, the last that failed first.',
  })
  dismissDeadLetters(
    @CurrentViewer() viewer: Viewer,
    @Args('filter', { type: () => DeadLetterFilter }) filter: DeadLetterFilter,
    @Args('dryRun', { type: () => Boolean, description: 'Says how many fit, and does nothing.' }) dryRun: boolean,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<SettleDeadLettersPayload> {
    return this.settleAll(viewer, filter, dryRun, async () => {
      return { settled: await this.letters.dismissAll(by(viewer, reason), storedFilter(filter)), refused: [] };
    });
  }

  private settleAll(
    { tenant }: Viewer,
    filter: DeadLetterFilter,
    dryRun: boolean,
    settle: () => Promise<Pick<SettleDeadLettersPayload, 'settled' | 'refused'>>,
  ): Promise<SettleDeadLettersPayload> {
    return withErrors<Omit<SettleDeadLettersPayload, 'errors'>>({ found: 0, settled: 0, refused: [] }, async () => {
      const found = await this.reads.count(tenant, filter);
      return { found, ...(dryRun ? { settled: 0, refused: [] } : await settle()) };
    });
  }
}

@Resolver(() => DeadLetterConnection)
@Policy('reviewer')
export class DeadLetterConnectionResolver {
  constructor(private readonly reads: DeadLetterReads) {}

  @ResolveField(() => Int, { description: 'How many fit the filter, counted when it is asked for; 10,001 means more than 10,000.' })
  totalCount(@Parent() { filter }: DeadLetterConnection, @CurrentViewer() { tenant }: Viewer): Promise<number> {
    return this.reads.count(tenant, filter);
  }
}

function by(viewer: Viewer, reason: string | null | undefined) {
  return { tenant: viewer.tenant, actor: actorOf(viewer), reason: reason ?? null };
}
