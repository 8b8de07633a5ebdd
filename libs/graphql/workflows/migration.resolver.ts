import { StepwellError } from '@stepwell/contracts';
import { Args, ID, Int, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { type MigrationOutcome, type Migrations, RunMigration } from '@stepwell/runtime';
import { withErrors } from '../errors/with-errors.js';
import { RunObject } from '../runs/run.object.js';
import { checkedText } from '../wire/checked-text.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { isUuid } from '../wire/uuid.js';
import { MigratedRunObject, MigrateRunsPayload, MigrationFilter } from './migration.object.js';

/** Of one call: each run's journal is read. */
const MOST_RUNS = 100;

/** Runs that go on in another version of their workflow, and back. */
@Resolver(() => MigratedRunObject)
@Policy('operator')
export class MigrationResolver {
  constructor(private readonly migrations: RunMigration) {}

  @Mutation(() => MigrateRunsPayload, {
    description: 'Takes runs of a version to another one, by the plan in its code. A dry run says of each what would become of it.',
  })
  migrateRuns(
    @CurrentViewer() viewer: Viewer,
    @Args('workflow', { type: () => String }) workflow: string,
    @Args('from', { type: () => Int }) from: number,
    @Args('to', { type: () => Int }) to: number,
    @Args('limit', { type: () => Int, defaultValue: MOST_RUNS, description: `Runs of one call; at most ${MOST_RUNS}.` }) limit: number,
    @Args('dryRun', { type: () => Boolean, defaultValue: false }) isDryRun: boolean,
    @Args('filter', { type: () => MigrationFilter, nullable: true }) filter?: MigrationFilter | null,
    @Args('after', { type: () => ID, nullable: true, description: 'The `endCursor` of the call before.' }) after?: string | null,
    @Args('reason', { type: () => String, nullable: true }) reason?: string | null,
  ): Promise<MigrateRunsPayload> {
    return withErrors<Pick<MigrateRunsPayload, 'runs' | 'endCursor'>>({ runs: [], endCursor: null }, async () => {
      const { runs = null, status = null, createdFrom = null, createdBefore = null } = filter ?? {};
      if (after != null && !isUuid(after)) throw new StepwellError('CURSOR_INVALID');
      const who = { tenant: viewer.tenant, actor: actorOf(viewer), reason: reason ?? null };
      const place = { waitsAt: checkedText('filter.waitsAt', filter?.waitsAt), after: after ?? null };
      const which = runs ? { runIds: checkedIds(runs) } : { status, createdFrom, createdBefore, ...place, limit: checkedLimit(limit) };
      return shown(await this.migrations.migrate({ ...who, workflow, from, to, which, isDryRun }));
    });
  }

  @Mutation(() => MigrateRunsPayload, { description: 'Takes migrations back, while nothing has happened to the run since.' })
  undoMigrations(
    @CurrentViewer() viewer: Viewer,
    @Args('runs', { type: () => [ID] }) runs: readonly string[],
    @Args('reason', { type: () => String, nullable: true }) reason?: string | null,
  ): Promise<MigrateRunsPayload> {
    return withErrors<Pick<MigrateRunsPayload, 'runs' | 'endCursor'>>({ runs: [], endCursor: null }, async () => {
      const who = { tenant: viewer.tenant, actor: actorOf(viewer), reason: reason ?? null };
      return shown(await this.migrations.undo({ ...who, runIds: checkedIds(runs) }));
    });
  }

  @ResolveField(() => RunObject, { nullable: true })
  run(@Parent() { runId }: MigratedRunObject, @CurrentLoaders() loaders: Loaders): Promise<RunObject | null> {
    return loaders.run.load(runId);
  }
}

function checkedLimit(limit: number): number {
  if (limit >= 1 && limit <= MOST_RUNS) return limit;
  throw new StepwellError('INPUT_INVALID', { reason: `limit is ${limit}; it is from 1 to ${MOST_RUNS}.` });
}

function checkedIds(ids: readonly string[]): readonly string[] {
  if (ids.length > MOST_RUNS)
    throw new StepwellError('INPUT_INVALID', { reason: `${ids.length} runs are named; at most ${MOST_RUNS} at once.` });
  const wrong = ids.find((id) => !isUuid(id));
  if (wrong !== undefined) throw new StepwellError('RUN_NOT_FOUND', { id: wrong });
  return ids;
}

function shown({ runs, end }: Migrations): Pick<MigrateRunsPayload, 'runs' | 'endCursor'> {
  const paths = (places: MigrationOutcome['stands']) =>
    places.map(({ path, iteration }) => (iteration === '' ? path : `${path} #${iteration}`));
  const told = runs.map((one) => ({ ...one, waits: paths(one.waits), stands: paths(one.stands), lost: paths(one.lost) }));
  return { runs: told, endCursor: end };
}
