import type { StrikeReviewedPayload } from './events/strike-reviewed.event.js';
import type { FiledReport } from './registry/registry.service.js';
import type { StrikeReport } from './strike-report.js';

/** What other modules are told about a filed report. */
export function reviewOutcome(report: StrikeReport, { reportId, verdict, severity, note }: FiledReport): StrikeReviewedPayload {
  const { airport, aircraft, operator, species, flightDate, costTotal } = report;
  return { reportId, verdict, severity, note, airport, aircraft, operator, species, flightDate, costTotal };
}
