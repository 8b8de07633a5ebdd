/**
 * The triage: how bad a strike was by its damage, cost and the size of the animal, and whether a person must look.
 *
 *   severity   what the reported damage amounts to (damage.ts); then the worse of it and
 *              - substantial, from a total cost of 100,000 dollars on
 *              - substantial, for Medium damage by a large animal
 *              - minor, when no damage is reported but a repair was paid
 *   doubtful   the damage is no known grade; or no damage is reported but a cost is; or the report contradicts itself
 *   a person   looks at everything substantial, everything doubtful, and one in ten of the minor ones; the rest files itself
 *
 *   confidence half when doubtful, otherwise as sure as plain rules are: they know nothing of how a repair turned out
 *
 * Pure: the same report always gets the same result. Every rule that applied says so in `reasons`.
 */
import { readDamage } from './damage.js';
import { isSampled } from './sampling.js';
import { type Severity, worse } from './severity.js';
import type { StrikeReport } from './strike-report.js';

/** About the median of the substantial strikes with a stated cost (111,815); three of sixty minor ones reach it. */
const SUBSTANTIAL_DOLLARS = 100_000;

export interface Recommendation {
  readonly severity: Severity;
  /** How sure the severity is, from 0 to 1. */
  readonly confidence: number;
  readonly isDoubtful: boolean;
  /** A minor strike taken at random, to check the triage. */
  readonly isSampled: boolean;
  readonly needsReview: boolean;
  /** One sentence per rule that applied. */
  readonly reasons: readonly string[];
}

/** @param findings what the validation found odd */
export function triage(report: StrikeReport, findings: readonly string[]): Recommendation {
  const reading = readDamage(report.damage);
  const reasons: string[] = [`The reported damage is "${report.damage}".`];
  let severity = reading.severity;
  const raise = (to: Severity, why: string): void => {
    if (worse(severity, to) === severity) return;
    severity = to;
    reasons.push(why);
  };

  if (report.costTotal >= SUBSTANTIAL_DOLLARS) raise('substantial', `It cost ${dollars(report.costTotal)} in all.`);
  if (report.damage === 'Medium' && report.wildlifeSize === 'Large') raise('substantial', 'The animal was large.');
  if (report.damage === 'None' && report.costRepair > 0) raise('minor', `A repair of ${dollars(report.costRepair)} was paid.`);

  const doubts = [...(reading.doubt ? [reading.doubt] : []), ...costWithoutDamage(report), ...findings];
  const isDoubtful = doubts.length > 0;
  const sampled = severity === 'minor' && !isDoubtful && isSampled(report.id);
  if (sampled) doubts.push('One minor strike in ten is reviewed.');
  return {
    severity,
    confidence: isDoubtful ? 0.5 : 0.9,
    isDoubtful,
    isSampled: sampled,
    needsReview: severity === 'substantial' || isDoubtful || sampled,
    reasons: [...reasons, ...doubts],
  };
}

function costWithoutDamage(report: StrikeReport): string[] {
  return report.damage === 'None' && report.costTotal > 0 ? [`No damage is reported, but a cost of ${dollars(report.costTotal)}.`] : [];
}

function dollars(amount: number): string {
  return `$${amount.toLocaleString('en-US')}`;
}
