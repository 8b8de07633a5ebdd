import { isTerminal, RunStatus, StepwellError, WaitReason } from '@stepwell/contracts';
import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { RunRetry } from '@stepwell/runtime';
import { withErrors } from '../errors/with-errors.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { isUuid } from '../wire/uuid.js';
import { IncidentObject } from './incident.object.js';
import { RunObject } from './run.object.js';
import { ResolveIncidentArgs } from './run.inputs.js';
import { ResolveIncidentPayload, RetryRunPayload } from './run.payloads.js';
import { RunReads } from './run-reads.js';

/** What went wrong with a run, and how it went on. */
@Resolver(() => RunObject)
@Policy('reviewer')
export class RunRetryResolver {
  constructor(
    private readonly reads: RunReads,
    private readonly retries: RunRetry,
  ) {}

  @Policy('operator')
  @Mutation(() => RetryRunPayload, {
    description: 'After an incident its steps are tried again in the same run. A run that failed or was canceled goes on in a new one.',
  })
  retryRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<RetryRunPayload> {
    return withErrors({ run: null }, async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      const runId = await this.retries.retry({ tenant: viewer.tenant, runId: id, actor: actorOf(viewer), reason: reason ?? null });
      return { run: await loaders.run.load(runId) };
    });
  }

  @Policy('operator')
  @Mutation(() => ResolveIncidentPayload, {
    description: 'Says what became of an effect whose outcome is not known: the step goes on with the output, or is tried again.',
  })
  resolveIncident(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args() { output, reason, ...incident }: ResolveIncidentArgs,
  ): Promise<ResolveIncidentPayload> {
    return withErrors({ run: null }, async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      const { tenant } = viewer;
      await this.retries.resolve({
        tenant,
        runId: id,
        actor: actorOf(viewer),
        reason: reason ?? null,
        output: output ?? null,
        ...incident,
      });
      return { run: await loaders.run.load(id) };
    });
  }

  @ResolveField(() => [IncidentObject], { description: 'What a person has to look at before the run goes on.' })
  async incidents(@Parent() { id, status }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly IncidentObject[]> {
    return isTerminal(status) ? [] : loaders.incidentsOfRun.load(id);
  }

  @ResolveField(() => RunObject, { nullable: true, description: 'The ended run that this one retries.' })
  async retryOf(@Parent() { retryOfId }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<RunObject | null> {
    return retryOfId === null ? null : loaders.run.load(retryOfId);
  }

  @ResolveField(() => RunObject, { nullable: true, description: 'The run that retries this one.' })
  async retriedAs(@Parent() { retriedAsId }: RunObject, @CurrentLoaders() loaders: Loaders): Promise<RunObject | null> {
    return retriedAsId === null ? null : loaders.run.load(retriedAsId);
  }

  @ResolveField(() => [RunObject], {
    description: 'The line of descent: the first run, its retry, the retry of that, to the one that goes on.',
  })
  async lineage(@Parent() run: RunObject, @CurrentLoaders() loaders: Loaders): Promise<readonly RunObject[]> {
    return run.retryOfId === null && run.retriedAsId === null ? [run] : loaders.lineages.load(run.lineageRoot);
  }

  @ResolveField(() => Boolean, {
    description: 'Whether retryRun would do something: for an incident, or for a run that failed or was canceled.',
  })
  async canRetry(@Parent() run: RunObject, @CurrentLoaders() loaders: Loaders): Promise<boolean> {
    const { id, status, retriedAsId, settledLetter } = run;
    if (!isTerminal(status)) return run.waitReasons.includes(WaitReason.incident);
    if (status === RunStatus.completed || retriedAsId !== null || settledLetter?.as === 'reinjected' || !this.reads.hosts(run))
      return false;
    return status !== RunStatus.canceled || !(await loaders.isCarriedRun.load(id));
  }

  @ResolveField(() => Boolean)
  canCancel(@Parent() { status, cancelRequestedAt }: RunObject): boolean {
    return !isTerminal(status) && cancelRequestedAt === null;
  }
}
