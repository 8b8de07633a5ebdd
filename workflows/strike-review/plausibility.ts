import type { StrikeReport } from './strike-report.js';

/** The fastest bird strikes on record were below it; subsonic airliners cannot reach it at the heights where birds fly. */
const MAX_PLAUSIBLE_KNOTS = 600;

/**
 * What is odd in a report that is well formed: contradictions between its values, which no single field shows.
 *
 * @param today `YYYY-MM-DD`
 * @returns one sentence per finding; empty for a plausible report
 */
export function oddities(report: StrikeReport, today: string): string[] {
  const found: string[] = [];
  const sum = report.costOther + report.costRepair;
  if (sum !== report.costTotal) found.push(`The total cost (${report.costTotal}) is not the sum of the others (${sum}).`);
  if (report.flightDate > today) found.push(`The flight date ${report.flightDate} lies in the future.`);
  if ((report.speedKnots ?? 0) > MAX_PLAUSIBLE_KNOTS) found.push(`A speed of ${report.speedKnots} knots is hardly possible.`);
  return found;
}
