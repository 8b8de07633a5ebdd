import { isTerminal, type Json, RunStatus, StepwellError } from '@stepwell/contracts';
import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { RunSignals, type SignalRequest } from '@stepwell/runtime';
import { type ErrorOptions, withErrors } from '../errors/with-errors.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { isUuid } from '../wire/uuid.js';
import { RunObject } from './run.object.js';
import { InjectedNodeInput, InjectNodesArgs } from './run.inputs.js';
import { InjectNodesPayload, PauseRunPayload, ResumeRunPayload, SignalRunPayload, UpdateContextPayload } from './run.payloads.js';

/** What is said to a run that lives. */
@Resolver(() => RunObject)
@Policy('reviewer')
export class RunSignalsResolver {
  constructor(private readonly signals: RunSignals) {}

  @Policy('operator')
  @Mutation(() => PauseRunPayload, {
    description:
      'Nothing of the run begins until resumeRun; steps that run may finish. What comes meanwhile (answers, events, timers) is kept.',
  })
  pauseRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<PauseRunPayload> {
    return this.say(viewer, loaders, id, reason, (request) => this.signals.pause(request));
  }

  @Policy('operator')
  @Mutation(() => ResumeRunPayload, { description: 'A run that is not paused is left as it is.' })
  resumeRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<ResumeRunPayload> {
    return this.say(viewer, loaders, id, reason, (request) => this.signals.resume(request));
  }

  @Policy('operator')
  @Mutation(() => SignalRunPayload, {
    description: 'Says something to the run that its workflow declares; its class validates the payload.',
  })
  signalRun(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('name', { type: () => String }) name: string,
    @Args('payload', { type: () => JsonScalar, nullable: true }) payload: Json | undefined,
  ): Promise<SignalRunPayload> {
    const send = async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      await this.signals.send({ tenant: viewer.tenant, runId: id, actor: actorOf(viewer), name, payload });
      return { run: await loaders.run.load(id) };
    };
    return withErrors({ run: null }, send, { argument: 'payload' });
  }

  @Policy('operator')
  @Mutation(() => UpdateContextPayload, {
    description:
      'Replaces fields of the input, each as a whole; the class of the input validates what comes of it. Nodes that begin later see it, an attempt that has begun does not.',
  })
  updateContext(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('id', { type: () => ID }) id: string,
    @Args('patch', { type: () => JsonScalar }) patch: Json,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<UpdateContextPayload> {
    const update = (request: SignalRequest) => this.signals.updateContext({ ...request, patch });
    return this.say(viewer, loaders, id, reason, update, { argument: 'patch' });
  }

  @Policy('operator')
  @Mutation(() => InjectNodesPayload, {
    description:
      'Injects nodes into the run, at an inject point of its workflow, all or none of them. What may be injected is what stands at the point; the params class of each handler validates its params.',
  })
  injectNodes(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args() { id, nodes, position, at, iteration, idempotencyKey: key = null }: InjectNodesArgs,
  ): Promise<InjectNodesPayload> {
    const inject = async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      const about = { tenant: viewer.tenant, runId: id, actor: actorOf(viewer), at: at ?? undefined, iteration: iteration ?? '', key };
      const { existing } = await this.signals.inject({ ...about, nodes: nodes.map(withoutNulls), position });
      return { run: await loaders.run.load(id), existing };
    };
    return withErrors({ run: null, existing: false }, inject);
  }

  @ResolveField(() => Boolean)
  canPause(@Parent() { status, cancelRequestedAt }: RunObject): boolean {
    return !isTerminal(status) && status !== RunStatus.paused && cancelRequestedAt === null;
  }

  private say(
    viewer: Viewer,
    loaders: Loaders,
    id: string,
    reason: string | null | undefined,
    signal: (request: SignalRequest) => Promise<void>,
    options: ErrorOptions = {},
  ): Promise<PauseRunPayload> {
    const say = async () => {
      if (!isUuid(id)) throw new StepwellError('RUN_NOT_FOUND', { id });
      await signal({ tenant: viewer.tenant, runId: id, actor: actorOf(viewer), reason: reason ?? null });
      return { run: await loaders.run.load(id) };
    };
    return withErrors({ run: null }, say, options);
  }
}

/** A field that is null was left out. */
function withoutNulls(node: InjectedNodeInput): object {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== null && value !== undefined));
}
