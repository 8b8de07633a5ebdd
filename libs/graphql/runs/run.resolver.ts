import { type Json, StepwellError } from '@stepwell/contracts';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { RunService } from '@stepwell/runtime';
import { withErrors } from '../errors/with-errors.js';
import { checkedText } from '../wire/checked-text.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { isUuid } from '../wire/uuid.js';
import { RunFilter } from './run.inputs.js';
import { RunConnection, RunObject } from './run.object.js';
import { CancelRunPayload, SettleAsyncResultPayload, StartRunPayload } from './run.payloads.js';
import { RunReads } from './run-reads.js';

@Resolver(() => RunObject)
export class RunResolver {
  constructor(
    private readonly reads: RunReads,
    private readonly runs: RunService,
  ) {}

  @Policy('reviewer')
  @Query(() => RunConnection, { name: 'runs', description: 'Newest first.' })
  async list(
    @CurrentViewer() { tenant }: Viewer,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Args('filter', { type: () => RunFilter, nullable: true }) filter: RunFilter | null | undefined,
  ): Promise<RunConnection> {
    return { ...(await this.reads.page(tenant, { first, after }, filter)), filter: filter ?? null };
  }

  @Policy('reviewer')
  @Query(() => RunObject, { nullable: true })
  run(@Args('id', { type: () => ID }) id: string, @CurrentLoaders() loaders: Loaders): Promise<RunObject | null> {
    return loaders.run.load(id);
  }

  @Policy('operator')
  @Mutation(() => StartRunPayload)
  startRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('workflow', { type: () => String }) workflow: string,
    @Args('input', { type: () => JsonScalar, nullable: true }) input: Json | undefined,
    @Args('idempotencyKey', { type: () => String, nullable: true }) idempotencyKey: string | null | undefined,
    @Args('priority', {
      type: () => Int,
      nullable: true,
      description: 'From -10 to 10, higher first; without it the priority of the workflow.',
    })
    priority: number | null | undefined,
    @Args('session', { type: () => String, nullable: true, description: 'The session that it belongs to; it must be active.' })
    session: string | null | undefined,
  ): Promise<StartRunPayload> {
    const request = {
      tenant: viewer.tenant,
      workflow,
      input: input ?? null,
      idempotencyKey: idempotencyKey ?? null,
      priority: priority ?? null,
      session: checkedText('session', session),
      actor: actorOf(viewer),
    };
    const start = async () => {
      const { runId, existing } = await this.runs.start(request);
      return { run: await loaders.run.load(runId), existing };
    };
    return withErrors({ run: null, existing: false }, start, { argument: 'input' });
  }

  @Policy('operator')
  @Mutation(() => CancelRunPayload, {
    description: 'What the run has entered and must leave in order (cancellation scopes, the finally of a try) is done before it ends.',
  })
  cancelRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
    @Args('force', { type: () => Boolean, defaultValue: false, description: 'Ends it at once; also one that is being canceled.' })
    force: boolean,
  ): Promise<CancelRunPayload> {
    return withErrors({ run: null }, async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      await this.runs.cancel({ tenant: viewer.tenant, runId: id, actor: actorOf(viewer), reason: reason ?? null, isForced: force });
      return { run: await loaders.run.load(id) };
    });
  }

  @Policy('operator')
  @Mutation(() => SettleAsyncResultPayload)
  settleAsyncResult(
    @CurrentViewer() { tenant }: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('result', { type: () => JsonScalar, nullable: true }) result: Json | undefined,
    @Args('error', { type: () => String, nullable: true }) error: string | null | undefined,
  ): Promise<SettleAsyncResultPayload> {
    return withErrors<{ settled: boolean }>({ settled: false }, async () => {
      await this.runs.settleAsyncResult({ tenant, id }, error == null ? { ok: true, value: result ?? null } : { ok: false, reason: error });
      return { settled: true };
    });
  }
}
