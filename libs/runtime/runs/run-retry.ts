/**
 * Retrying by hand: in place, for the incidents of a run that lives. An ended run never changes.
 *
 * Of two people who retry one incident at once, one does: both name the attempt that they saw fail, and the run's owner drops what names
 * an incident that is gone.
 */
import { type Actor, isTerminal, StepwellError } from '@stepwell/contracts';
import { type Incident, incidentsOf, type WakeUpQueue } from '@stepwell/engine';
import { appendInbox, pgSql, readJournals, runStatus, type Sql } from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse } from '../checked-input.js';

export interface RetryRequest {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

export class RunRetry {
  private readonly sql: Sql;

  constructor(
    pool: pg.Pool,
    private readonly wakeUps: WakeUpQueue,
  ) {
    this.sql = pgSql(pool);
  }

  /**
   * @returns the id of the run that goes on
   * @throws StepwellError RUN_NOT_FOUND, RUN_NOT_RETRYABLE, RUN_ENDED (just now)
   */
  async retry(request: RetryRequest): Promise<string> {
    const { tenant, runId } = request;
    jsonOrRefuse(request.reason, 'reason');
    const status = await runStatus(this.sql, tenant, runId);
    if (status === undefined) throw new StepwellError('RUN_NOT_FOUND', { id: runId });
    if (isTerminal(status)) throw refusal(runId, `it has ended (${status}).`);
    const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
    const incidents = incidentsOf(facts);
    if (incidents.length === 0) throw refusal(runId, `it is ${status} and has no incident.`);
    await this.retryIncidents(request, incidents);
    return runId;
  }

  private async retryIncidents({ tenant, runId, actor, reason }: RetryRequest, incidents: readonly Incident[]): Promise<void> {
    const outcome = await appendInbox(this.sql, {
      tenant,
      runId,
      kind: 'incident.retried',
      dedupeKey: `incidents:${Math.max(...incidents.map(({ seq }) => seq))}`,
      payload: { incidents: incidents.map(({ path, iteration, attempt }) => ({ path, iteration, attempt })), by: actor, reason },
    });
    if (outcome.kind === 'accepted') return this.wakeUps.wake([outcome.queue]);
    throw new StepwellError('RUN_ENDED', { id: runId, status: (await runStatus(this.sql, tenant, runId)) ?? 'unknown' });
  }
}

function refusal(id: string, reason: string): StepwellError {
  return new StepwellError('RUN_NOT_RETRYABLE', { id, reason });
}
