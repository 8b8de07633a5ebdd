import type { Json } from '@stepwell/contracts';
import { Args, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { RunSessions } from '@stepwell/runtime';
import type { RunSessionRow } from '@stepwell/storage';
import { withErrors } from '../errors/with-errors.js';
import { checkedText } from '../wire/checked-text.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFirst, decodeCursor, encodeCursor, pageOf } from '../wire/page.js';
import {
  CompleteSessionPayload,
  SessionConnection,
  SessionFilter,
  SessionObject,
  SessionPayload,
  SessionRunsObject,
} from './session.object.js';

/** What runs that belong together have in common. */
@Resolver(() => SessionObject)
@Policy('reviewer')
export class SessionResolver {
  constructor(private readonly sessions: RunSessions) {}

  @Query(() => SessionConnection, { name: 'sessions', description: 'Newest first.' })
  async list(
    @CurrentViewer() { tenant }: Viewer,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Args('filter', { type: () => SessionFilter, nullable: true }) filter: SessionFilter | null | undefined,
  ): Promise<SessionConnection> {
    const before = after == null ? null : decodeCursor('session', after, /^[\w.:@/-]{1,200}$/);
    const search = checkedText('filter.search', filter?.search);
    const rows = await this.sessions.list(tenant, { limit: checkedFirst(first) + 1, before, state: filter?.state ?? null, search });
    return pageOf(rows, first, ({ name }) => encodeCursor('session', name), sessionObject);
  }

  @Query(() => SessionObject, { nullable: true })
  async session(@CurrentViewer() { tenant }: Viewer, @Args('name', { type: () => String }) name: string): Promise<SessionObject | null> {
    return this.find(tenant, name);
  }

  @ResolveField(() => SessionRunsObject)
  runs(@Parent() { name }: SessionObject, @CurrentLoaders() loaders: Loaders): Promise<SessionRunsObject> {
    return loaders.runsOfSession.load(name);
  }

  @Policy('operator')
  @Mutation(() => SessionPayload, { description: 'Runs are started in it by startRun(session: name).' })
  openSession(
    @CurrentViewer() viewer: Viewer,
    @Args('name', { type: () => String }) name: string,
    @Args('data', { type: () => JsonScalar, nullable: true, description: 'What its runs share; {} without it.' }) data: Json | undefined,
    @Args('ttl', {
      type: () => String,
      nullable: true,
      description: 'For how long it takes new runs: 15m, or ISO 8601. Without it for ever.',
    })
    ttl: string | null | undefined,
  ): Promise<SessionPayload> {
    const { tenant } = viewer;
    return withErrors({ session: null }, async () => {
      await this.sessions.open({ tenant, name, data, ttl: checkedText('ttl', ttl), actor: actorOf(viewer) });
      return { session: await this.find(tenant, name) };
    });
  }

  @Policy('operator')
  @Mutation(() => SessionPayload, { description: 'It takes no new run; those that it has go on.' })
  pauseSession(@CurrentViewer() { tenant }: Viewer, @Args('name', { type: () => String }) name: string): Promise<SessionPayload> {
    return withErrors({ session: null }, async () => {
      await this.sessions.pause({ tenant, name });
      return { session: await this.find(tenant, name) };
    });
  }

  @Policy('operator')
  @Mutation(() => SessionPayload, { description: 'It takes new runs again, unless its time is over.' })
  resumeSession(@CurrentViewer() { tenant }: Viewer, @Args('name', { type: () => String }) name: string): Promise<SessionPayload> {
    return withErrors({ session: null }, async () => {
      await this.sessions.resume({ tenant, name });
      return { session: await this.find(tenant, name) };
    });
  }

  @Policy('operator')
  @Mutation(() => CompleteSessionPayload, {
    description:
      'For good: it takes neither runs nor changes any more. With cancelRuns its runs that have not ended are canceled, too; asked again, those that are left.',
  })
  completeSession(
    @CurrentViewer() viewer: Viewer,
    @Args('name', { type: () => String }) name: string,
    @Args('cancelRuns', { type: () => Boolean }) cancelRuns: boolean,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<CompleteSessionPayload> {
    const { tenant } = viewer;
    return withErrors<Omit<CompleteSessionPayload, 'errors'>>({ session: null, canceledRuns: 0 }, async () => {
      const actor = actorOf(viewer);
      const canceledRuns = await this.sessions.complete({ tenant, name, cancelRuns, actor, reason: reason ?? null });
      return { session: await this.find(tenant, name), canceledRuns };
    });
  }

  private async find(tenant: string, name: string): Promise<SessionObject | null> {
    const text = checkedText('name', name);
    const row = text === null ? undefined : (await this.sessions.find(tenant, [text])).get(text);
    return row ? sessionObject(row) : null;
  }
}

function sessionObject({ name, state, data, version, expiresAt, createdBy, createdAt }: RunSessionRow): SessionObject {
  return { name, state, data, version, expiresAt: expiresAt?.toISOString() ?? null, createdBy, createdAt: createdAt.toISOString() };
}
