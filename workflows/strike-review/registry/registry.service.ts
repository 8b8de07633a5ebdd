/**
 * The registry of strikes: `strike_review.filed_strikes`, one row per report. Filing is an upsert, so a report reviewed again replaces
 * its row; `revision` counts how often it was filed. Knows nothing of workflows: the caller brings the transaction.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Decision } from '../decision.js';
import type { StrikeReport } from '../strike-report.js';

export interface Filing {
  readonly tenant: string;
  readonly runId: string;
  readonly report: StrikeReport;
  readonly decision: Decision;
}

export interface FiledReport extends Decision {
  readonly reportId: string;
  /** 1 at the first filing. */
  readonly revision: number;
}

/** Locks the report's row, if there is one, until the caller's transaction ends. */
const UPSERT = /* sql */ `
INSERT INTO strike_review.filed_strikes AS filed (
  tenant, report_id, run_id, verdict, severity, note, airport, aircraft, operator, species, flight_date, damage, cost_total)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (tenant, report_id) DO UPDATE SET
  run_id = EXCLUDED.run_id, verdict = EXCLUDED.verdict, severity = EXCLUDED.severity, note = EXCLUDED.note,
  airport = EXCLUDED.airport, aircraft = EXCLUDED.aircraft, operator = EXCLUDED.operator, species = EXCLUDED.species,
  flight_date = EXCLUDED.flight_date, damage = EXCLUDED.damage, cost_total = EXCLUDED.cost_total,
  revision = filed.revision + 1, filed_at = clock_timestamp()
RETURNING revision`;

@Injectable()
export class RegistryService {
  async file(manager: EntityManager, { tenant, runId, report, decision }: Filing): Promise<FiledReport> {
    const { id, airport, aircraft, operator, species, flightDate, damage, costTotal } = report;
    const { verdict, severity, note } = decision;
    const [row] = await manager.query<{ revision: number }[]>(UPSERT, [
      ...[tenant, id, runId, verdict, severity, note],
      ...[airport, aircraft, operator, species, flightDate, damage, costTotal],
    ]);
    if (!row) throw new Error(`The registry returned nothing for report ${id}.`);
    return { reportId: id, ...decision, revision: row.revision };
  }
}
