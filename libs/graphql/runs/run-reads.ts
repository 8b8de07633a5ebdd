/** What the pages read about runs: rows of the storage's read models, mapped to what the schema says. Every read is of one tenant. */
import { Inject, Injectable } from '@nestjs/common';
import { type Json, StepwellError, WaitReason } from '@stepwell/contracts';
import { fold, incidentsOf, nodeKey, type StepFault, timeline, WorkflowCatalog } from '@stepwell/engine';
import {
  type CheckpointRow,
  countRuns,
  EVERY_RUN,
  type FactPageRow,
  type JournalPageRequest,
  latestRuns,
  type LatestRunsRequest,
  findRuns,
  listRuns,
  type InterventionRow,
  readCheckpointPages,
  readInterventions,
  readJournalPages,
  readJournals,
  readLineages,
  readCarriedRuns,
  readQuietRuns,
  readRelatedRuns,
  readRunPayloads,
  readRuns,
  readSubjects,
  readWaitCauses,
  type RunListFilter,
  type RunPayloads,
  type Sql,
} from '@stepwell/storage';
import { SQL } from '../wire/sql.js';
import { checkedText, checkedTexts } from '../wire/checked-text.js';
import { decodeCursor, encodeCursor, type Page, pageOf, checkedFirst } from '../wire/page.js';
import { isUuid } from '../wire/uuid.js';
import type { RunStopObject } from './checkpoint.object.js';
import type { IncidentObject } from './incident.object.js';
import { incidentObject, relatedRunObject, runObject, stopObject } from './run.mapper.js';
import type { RunFilter } from './run.inputs.js';
import type { RelatedRunObject, RunObject } from './run.object.js';
import { waitCauseObject } from './wait-cause.mapper.js';
import type { WaitCauseObject } from './wait-cause.object.js';
import { stepObject } from './step.mapper.js';
import type { StepObject } from './step.object.js';

/** An emitter causes thousands of runs; its ledger counts them, and a page lists some. */
const MAX_RELATED = 100;
/** Nobody counts on past it. */
export const MAX_COUNT = 10_000;

export interface PageRequest {
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** What must be known of a run to tell its steps. */
export type RunWithSteps = Pick<RunObject, 'id' | 'workflow' | 'version' | 'status'>;

export interface RunFailure {
  /** As it was at the end. */
  readonly input: Json;
  /** The step that failed the run; all that have failed, where it was none. */
  readonly steps: readonly StepObject[];
}

@Injectable()
export class RunReads {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly catalog: WorkflowCatalog,
  ) {}

  /** @throws StepwellError PAGE_SIZE_INVALID, CURSOR_INVALID, INPUT_INVALID */
  async page(tenant: string, { first, after }: PageRequest, filter: RunFilter | null | undefined): Promise<Page<RunObject>> {
    const before = after == null ? null : decodeCursor('run', after, /^[0-9a-f-]{36}$/);
    const limit = checkedFirst(first) + 1;
    const rows = await listRuns(this.sql, tenant, { ...(await this.filter(tenant, filter)), limit, before });
    return pageOf(rows, first, (row) => encodeCursor('run', row.id), runObject);
  }

  /** @returns the latest runs for each request, newest first, in the order of the requests */
  async latest(tenant: string, requests: readonly LatestRunsRequest[]): Promise<RunObject[][]> {
    return (await latestRuns(this.sql, tenant, requests)).map((rows) => rows.map(runObject));
  }

  /**
   * @returns how many runs fit; MAX_COUNT + 1 when there are more
   * @throws StepwellError INPUT_INVALID
   */
  async count(tenant: string, filter: RunFilter | null | undefined): Promise<number> {
    return countRuns(this.sql, tenant, await this.filter(tenant, filter), MAX_COUNT + 1);
  }

  subjects(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return readSubjects(this.sql, tenant, ids);
  }

  quiet(tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return readQuietRuns(this.sql, tenant, ids);
  }

  carried(tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return readCarriedRuns(this.sql, tenant, ids);
  }

  /** @returns the runs that exist, by id; what is no id is absent */
  async find(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, RunObject>> {
    const rows = await readRuns(this.sql, tenant, ids.filter(isUuid));
    return new Map([...rows.values()].map((row) => [row.id, runObject(row)]));
  }

  payloads(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, RunPayloads>> {
    return readRunPayloads(this.sql, tenant, ids);
  }

  /** Of runs that have not ended. @returns in the order of the ids */
  async incidents(tenant: string, ids: readonly string[]): Promise<IncidentObject[][]> {
    const journals = await this.journals(tenant, ids);
    return ids.map((id) => incidentsOf(journals.get(id) ?? []).map(incidentObject));
  }

  /** Of runs that have not ended. @returns where each is stopped, in the order of the ids */
  async stops(tenant: string, ids: readonly string[]): Promise<RunStopObject[][]> {
    const journals = await this.journals(tenant, ids);
    return ids.map((id) => [...fold(journals.get(id) ?? []).holds.values()].filter(({ isStopped }) => isStopped).map(stopObject));
  }

  /** @returns why each does not go on, in the order of the ids */
  async waitCauses(tenant: string, ids: readonly string[]): Promise<WaitCauseObject[][]> {
    return (await readWaitCauses(this.sql, tenant, ids)).map((causes) => causes.map(waitCauseObject));
  }

  /** @returns what people said to each, in the order of the ids */
  interventions(tenant: string, ids: readonly string[]): Promise<InterventionRow[][]> {
    return readInterventions(this.sql, tenant, ids);
  }

  /** @returns in the order of the roots */
  async lineages(tenant: string, roots: readonly string[]): Promise<RunObject[][]> {
    const found = await readLineages(this.sql, tenant, roots);
    return roots.map((root) => (found.get(root) ?? []).map(runObject));
  }

  hosts({ workflow, version }: Pick<RunObject, 'workflow' | 'version'>): boolean {
    return this.catalog.version(workflow, version) !== undefined;
  }

  async related(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, RelatedRunObject[]>> {
    const rows = await readRelatedRuns(this.sql, tenant, ids, MAX_RELATED);
    const related = new Map<string, RelatedRunObject[]>(ids.map((id) => [id, []]));
    for (const row of rows) related.get(row.of)?.push(relatedRunObject(row));
    return related;
  }

  /** @returns the facts for each request, in the order of the requests */
  facts(tenant: string, requests: readonly JournalPageRequest[]): Promise<FactPageRow[][]> {
    return readJournalPages(this.sql, tenant, requests);
  }

  /** @returns the checkpoints for each request, in the order of the requests */
  checkpoints(tenant: string, requests: readonly JournalPageRequest[]): Promise<CheckpointRow[][]> {
    return readCheckpointPages(this.sql, tenant, requests);
  }

  /** The timelines of runs, from their whole journals and the graphs of their versions, where this process hosts those; in their order. */
  async steps(tenant: string, runs: readonly RunWithSteps[]): Promise<StepObject[][]> {
    return (await this.timelines(tenant, runs)).map(({ steps }) => steps.map(stepObject));
  }

  /** What failed runs have failed of, and on; in their order. */
  async failures(tenant: string, runs: readonly RunWithSteps[]): Promise<RunFailure[]> {
    return (await this.timelines(tenant, runs)).map(({ facts, steps }) => {
      const end = facts.findLast(({ type }) => type === 'run.ended')?.payload as { readonly fault?: StepFault } | undefined;
      const at = nodeKey(end?.fault?.path ?? '', end?.fault?.iteration ?? '');
      const failed = steps.filter(({ status, error }) => status === 'failed' && error !== null);
      const first = failed.filter(({ key }) => key === at);
      return { input: fold(facts).input, steps: (first.length > 0 ? first : failed).map(stepObject) };
    });
  }

  private async timelines(tenant: string, runs: readonly RunWithSteps[]) {
    const journals = await this.journals(
      tenant,
      runs.map(({ id }) => id),
    );
    const now = Date.now();
    return runs.map(({ id, workflow, version, status }) => {
      const graph = this.catalog.version(workflow, version)?.graph;
      const facts = journals.get(id) ?? [];
      return { facts, steps: timeline({ facts, graph, status, now }) };
    });
  }

  private journals(tenant: string, ids: readonly string[]) {
    return readJournals(
      this.sql,
      ids.map((id) => ({ tenant, id })),
    );
  }

  private async filter(tenant: string, filter: RunFilter | null | undefined): Promise<RunListFilter> {
    const { status, startedBy, waitReason, createdFrom, createdBefore } = filter ?? {};
    const search = checkedText('filter.search', filter?.search)?.trim();
    return {
      ...EVERY_RUN,
      status: status ?? null,
      workflow: checkedText('filter.workflow', filter?.workflow),
      startedBy: checkedTexts('filter.startedBy', startedBy),
      session: checkedText('filter.session', filter?.session),
      waitReason: checkedReason(waitReason),
      from: createdFrom == null ? null : new Date(createdFrom),
      until: createdBefore == null ? null : new Date(createdBefore),
      ...(search ? await findRuns(this.sql, tenant, search) : {}),
    };
  }
}

function checkedReason(word: string | null | undefined): WaitReason | null {
  if (word == null) return null;
  const known = Object.values(WaitReason).find((reason) => reason === word);
  if (known) return known;
  const reason = `filter.waitReason is one of ${Object.values(WaitReason).join(', ')}.`;
  throw new StepwellError('INPUT_INVALID', { reason });
}
