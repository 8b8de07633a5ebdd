import DataLoader from 'dataloader';
import type { CheckpointRow, FactPageRow, InterventionRow, JournalPageRequest, LatestRunsRequest, RunPayloads } from '@stepwell/storage';
import type { RunStopObject } from './checkpoint.object.js';
import type { IncidentObject } from './incident.object.js';
import type { RunFailure, RunReads, RunWithSteps } from './run-reads.js';
import type { RelatedRunObject, RunObject } from './run.object.js';
import type { StepObject } from './step.object.js';
import type { WaitCauseObject } from './wait-cause.object.js';

/** Runs and what hangs on them, in one statement per kind however many a page shows. */
export interface RunLoaders {
  readonly run: DataLoader<string, RunObject | null>;
  readonly runPayloads: DataLoader<string, RunPayloads>;
  readonly stepsOfRun: DataLoader<RunWithSteps, readonly StepObject[], string>;
  readonly failureOfRun: DataLoader<RunWithSteps, RunFailure, string>;
  readonly subjectOfRun: DataLoader<string, string | null>;
  readonly isQuietRun: DataLoader<string, boolean>;
  readonly isCarriedRun: DataLoader<string, boolean>;
  readonly incidentsOfRun: DataLoader<string, readonly IncidentObject[]>;
  readonly stopsOfRun: DataLoader<string, readonly RunStopObject[]>;
  readonly waitCausesOfRun: DataLoader<string, readonly WaitCauseObject[]>;
  readonly interventionsOfRun: DataLoader<string, readonly InterventionRow[]>;
  /** By the first run of the line. */
  readonly lineages: DataLoader<string, readonly RunObject[]>;
  readonly relatedRuns: DataLoader<string, readonly RelatedRunObject[]>;
  readonly facts: DataLoader<JournalPageRequest, FactPageRow[], string>;
  readonly checkpoints: DataLoader<JournalPageRequest, CheckpointRow[], string>;
  readonly latestRuns: DataLoader<LatestRunsRequest, RunObject[], string>;
}

export function runLoaders(reads: RunReads, tenant: string): RunLoaders {
  return {
    run: new DataLoader(async (ids) => {
      const found = await reads.find(tenant, ids);
      return ids.map((id) => found.get(id) ?? null);
    }),
    runPayloads: new DataLoader(async (ids) => {
      const found = await reads.payloads(tenant, ids);
      return ids.map((id) => found.get(id) ?? { input: null, output: null });
    }),
    stepsOfRun: new DataLoader((runs) => reads.steps(tenant, runs), { cacheKeyFn: ({ id }) => id }),
    failureOfRun: new DataLoader((runs) => reads.failures(tenant, runs), { cacheKeyFn: ({ id }) => id }),
    subjectOfRun: new DataLoader(async (ids) => {
      const found = await reads.subjects(tenant, ids);
      return ids.map((id) => found.get(id) ?? null);
    }),
    isQuietRun: new DataLoader(async (ids) => {
      const quiet = await reads.quiet(tenant, ids);
      return ids.map((id) => quiet.has(id));
    }),
    isCarriedRun: new DataLoader(async (ids) => {
      const carried = await reads.carried(tenant, ids);
      return ids.map((id) => carried.has(id));
    }),
    incidentsOfRun: new DataLoader((ids) => reads.incidents(tenant, ids)),
    stopsOfRun: new DataLoader((ids) => reads.stops(tenant, ids)),
    waitCausesOfRun: new DataLoader((ids) => reads.waitCauses(tenant, ids)),
    interventionsOfRun: new DataLoader((ids) => reads.interventions(tenant, ids)),
    lineages: new DataLoader((roots) => reads.lineages(tenant, roots)),
    relatedRuns: new DataLoader(async (ids) => {
      const found = await reads.related(tenant, ids);
      return ids.map((id) => found.get(id) ?? []);
    }),
    facts: new DataLoader((pages) => reads.facts(tenant, pages), { cacheKeyFn: ({ runId, after, limit }) => `${runId} ${after} ${limit}` }),
    checkpoints: new DataLoader((pages) => reads.checkpoints(tenant, pages), {
      cacheKeyFn: ({ runId, after, limit }) => `${runId} ${after} ${limit}`,
    }),
    latestRuns: new DataLoader((requests) => reads.latest(tenant, requests), {
      cacheKeyFn: ({ workflow, limit }) => `${workflow} ${limit}`,
    }),
  };
}
