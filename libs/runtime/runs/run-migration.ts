/**
 * Takes runs of one version of a workflow to another, by the plan that the newer one has in its code, and back. Each run by itself: what is in
 * the way of one is told of that one. Nothing is done to a run that somebody is at work on, and none is changed that is not as it was when
 * its journal was read.
 */
import { type Actor, isTerminal, type Json, RunStatus, StepwellError } from '@stepwell/contracts';
import {
  type Change,
  type ChangeFeed,
  type Fact,
  type GraphOutline,
  type Migration,
  migrationOf,
  type MigrationUndonePayload,
  type NodeRef,
  reopenedByUndo,
  type RunMigratedPayload,
  type WakeUpQueue,
  type WorkflowCatalog,
} from '@stepwell/engine';
import { migrateRun, pgSql, readJournals, readRuns, readWorkflowVersions, type RunRow, runsOfVersion, type Sql } from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse } from '../checked-input.js';

export interface MigrationRequest {
  readonly tenant: string;
  readonly workflow: string;
  readonly from: number;
  readonly to: number;
  readonly which: { readonly runIds: readonly string[] } | MigrationPage;
  /** Says what would become of each, and changes nothing. */
  readonly isDryRun: boolean;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

/** A page of the runs of the older version that nobody is at work on, oldest first. What is null is not asked. */
export interface MigrationPage {
  readonly status: readonly RunStatus[] | null;
  readonly createdFrom: Date | null;
  readonly createdBefore: Date | null;
  /** The path of the node that they wait at; those that are elsewhere are then left out of the page. */
  readonly waitsAt: string | null;
  /** Behind this run: where the page before has ended. */
  readonly after: string | null;
  /** At most so many. */
  readonly limit: number;
}

export interface MigrationOutcome {
  readonly runId: string;
  readonly outcome: 'possible' | 'migrated' | 'undone' | 'refused';
  /** Where it waits before, by path. */
  readonly waits: readonly NodeRef[];
  /** Where it stands then, by path. */
  readonly stands: readonly NodeRef[];
  /** Nodes whose output is dropped. */
  readonly lost: readonly NodeRef[];
  /** How many tasks and waits for events are closed. */
  readonly closes: number;
  /** Why it is refused. */
  readonly problems: readonly string[];
}

export interface Migrations {
  readonly runs: readonly MigrationOutcome[];
  /** Where to go on behind; null when no more runs of the older version are left. */
  readonly end: string | null;
}

const NOTHING = { waits: [], stands: [], lost: [], closes: 0, problems: [] } as const;
const CHANGED = 'something has happened to it meanwhile, or is about to. Try again.';

export class RunMigration {
  private readonly sql: Sql;

  constructor(
    pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
    private readonly wakeUps: WakeUpQueue,
    private readonly changes: ChangeFeed,
  ) {
    this.sql = pgSql(pool);
  }

  /** @throws StepwellError MIGRATION_NOT_FOUND, INPUT_INVALID */
  async migrate(request: MigrationRequest): Promise<Migrations> {
    const { tenant, workflow, from, to, which, isDryRun, actor } = request;
    const reason = jsonOrRefuse(request.reason, 'reason') as string | null;
    const target = this.catalog.version(workflow, to);
    const plan = target?.definition.migrations.find((one) => one.from === from);
    if (!target || !plan) throw new StepwellError('MIGRATION_NOT_FOUND', { workflow, from, to });
    const kinds = await this.kindsOf(tenant, workflow, from);
    const waitsAt = 'runIds' in which ? null : which.waitsAt;
    const { ids, end } =
      'runIds' in which
        ? { ids: which.runIds, end: null }
        : await runsOfVersion(this.sql, tenant, { ...which, workflow, version: from, at: waitsAt }, which.limit);
    const runs = await this.each(tenant, ids, async (run, facts) => {
      const { payload, problems, ...found } = migrationOf(target.graph, plan, kinds, facts, Date.now());
      // It has been there, and has gone on.
      if (waitsAt !== null && found.waits.every(({ path }) => path !== waitsAt)) return undefined;
      const said = { waits: found.waits, stands: found.stands, lost: found.lost, closes: found.closes.length, problems };
      const blocked = run.workflow !== workflow || run.version !== from ? [`it is of ${run.workflow}@${run.version}.`] : problems;
      if (blocked.length > 0) return { ...said, outcome: 'refused', problems: blocked };
      if (isDryRun) return { ...said, outcome: 'possible' };
      const fact = { type: 'run.migrated', payload: asJson({ ...payload, by: actor, reason }) };
      const isDone = await this.write(tenant, run, facts, to, fact, payload.moved, found.closes);
      return isDone ? { ...said, outcome: 'migrated' } : refused(CHANGED);
    });
    return { runs, end };
  }

  /** Takes a migration back, while nothing has happened since. What it had closed begins anew. */
  async undo({
    tenant,
    runIds,
    actor,
    ...request
  }: Pick<MigrationRequest, 'tenant' | 'actor' | 'reason'> & { runIds: readonly string[] }): Promise<Migrations> {
    const reason = jsonOrRefuse(request.reason, 'reason') as string | null;
    const runs = await this.each(tenant, runIds, async (run, facts) => {
      const last = facts.at(-1);
      if (last?.type !== 'run.migrated') return refused('it was not migrated, or something has happened since.');
      const { from, to, moved, removed } = last.payload as unknown as RunMigratedPayload;
      if (!this.catalog.version(run.workflow, from))
        return refused(`this server has no version ${from} of "${run.workflow}". Host it first.`);
      const reopened = reopenedByUndo(facts.slice(0, -1), removed);
      const payload: MigrationUndonePayload = { from: to, to: from, reopened, by: actor, reason };
      const back = moved.map((one) => ({ from: one.to, to: one.from }));
      const isDone = await this.write(tenant, run, facts, from, { type: 'migration.undone', payload: asJson(payload) }, back, []);
      return isDone ? { ...NOTHING, outcome: 'undone' } : refused(CHANGED);
    });
    return { runs, end: null };
  }

  /** One after the other: a journal may be large, and there is no hurry. Of what `make` gives nothing, nothing is said. */
  private async each(
    tenant: string,
    ids: readonly string[],
    make: (run: RunRow, facts: readonly Fact[]) => Promise<Omit<MigrationOutcome, 'runId'> | undefined>,
  ): Promise<MigrationOutcome[]> {
    const runs = await readRuns(this.sql, tenant, ids);
    const outcomes: MigrationOutcome[] = [];
    for (const runId of ids) {
      const run = runs.get(runId);
      const inTheWay = run ? holdUp(run) : 'there is no such run.';
      if (!run || inTheWay !== undefined) {
        outcomes.push({ runId, ...refused(inTheWay ?? '') });
        continue;
      }
      const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
      const outcome = await make(run, facts).catch((error: unknown) => refused(error instanceof Error ? error.message : String(error)));
      if (!outcome) continue;
      outcomes.push({ runId, ...outcome });
      if (outcome.outcome !== 'refused' && outcome.outcome !== 'possible')
        this.changes.publish((['run', 'task'] as const).map((kind): Change => ({ tenant, kind, id: runId })));
    }
    return outcomes;
  }
  private async write(
    tenant: string,
    { id, version: from }: RunRow,
    facts: readonly Fact[],
    to: number,
    fact: { readonly type: string; readonly payload: Json },
    moved: RunMigratedPayload['moved'],
    closes: Migration['closes'],
  ): Promise<boolean> {
    const queue = await migrateRun(this.sql, { tenant, id, from, lastSeq: facts.length, to, fact, moved, closes });
    if (queue !== undefined) this.wakeUps.wake([queue]);
    return queue !== undefined;
  }

  /** Of the nodes of a version, by path: as its code says, or as it was registered. */
  private async kindsOf(tenant: string, workflow: string, version: number): Promise<ReadonlyMap<string, string>> {
    const hosted = this.catalog.version(workflow, version);
    if (hosted) return new Map([...hosted.graph.byPath].map(([path, { definition }]) => [path, definition.kind]));
    const [registered] = await readWorkflowVersions(this.sql, tenant, [{ workflow, version }]);
    const { nodes = [] } = (registered?.graph ?? {}) as unknown as Partial<GraphOutline>;
    return new Map(nodes.map(({ path, kind }) => [path, kind]));
  }
}

function holdUp({ status }: RunRow): string | undefined {
  if (isTerminal(status)) return `it has ended as ${status}.`;
  return status === RunStatus.running ? 'a worker is at work on it. Try again when it waits, or pause it first.' : undefined;
}

function refused(problem: string): Omit<MigrationOutcome, 'runId'> {
  return { ...NOTHING, outcome: 'refused', problems: [problem] };
}

function asJson(value: object): Json {
  return value as Json;
}
