/**
 * How often people agreed with a screen's suggestion, and what follows: a screen that is always answered as suggested asks people for
 * nothing, and could become a condition. Pure.
 */
import type { AgreementRow, FieldAgreementRow } from '@stepwell/storage';
import { wilson } from './wilson.js';

/** Fewer in a row are luck: of a screen that one in thirty changes, a hundred would all be unchanged once in thirty times. */
export const ENOUGH_DECISIONS = 100;

export interface ScreenAgreement {
  readonly workflow: string;
  readonly version: number;
  readonly screen: string;
  readonly title: string;
  readonly source: string | null;
  readonly decisions: number;
  readonly unchanged: number;
  /** Between which shares the true one lies, with 95 % certainty (Wilson). */
  readonly low: number;
  readonly high: number;
  readonly fields: readonly FieldAgreement[];
  readonly byConfidence: readonly ConfidenceAgreement[];
  readonly proposal: { readonly words: string; readonly code: string } | null;
}

export interface FieldAgreement {
  readonly path: string;
  readonly accepted: number;
  readonly changed: number;
  readonly added: number;
  readonly cleared: number;
}

export interface ConfidenceAgreement {
  /** Null: of values of which nobody said how sure they are. */
  readonly from: number | null;
  readonly to: number | null;
  /** Of the suggested values. */
  readonly values: number;
  readonly accepted: number;
}

/** In tenths. */
const BUCKETS = [
  [9, 10],
  [8, 9],
  [5, 8],
  [0, 5],
] as const;

export function screenAgreement({ fields: given, ...row }: AgreementRow): ScreenAgreement {
  const fields = given ?? [];
  return {
    ...row,
    ...wilson(row.unchanged, row.decisions),
    fields: byField(fields),
    byConfidence: byConfidence(fields),
    proposal: proposalOf(row),
  };
}

function byField(rows: readonly FieldAgreementRow[]): readonly FieldAgreement[] {
  const found = new Map<string, Record<string, number>>();
  for (const { path, outcome, count } of rows) {
    const counts = found.get(path) ?? {};
    found.set(path, { ...counts, [outcome]: (counts[outcome] ?? 0) + count });
  }
  return [...found].map(([path, { accepted = 0, changed = 0, added = 0, cleared = 0 }]) => ({ path, accepted, changed, added, cleared }));
}

function byConfidence(rows: readonly FieldAgreementRow[]): readonly ConfidenceAgreement[] {
  const suggested = rows.filter(({ outcome }) => outcome !== 'added');
  const bucket = (from: number | null, to: number | null, isIn: (tenth: number | null) => boolean): ConfidenceAgreement => {
    const inside = suggested.filter(({ tenth }) => isIn(tenth));
    return { from, to, values: sum(inside), accepted: sum(inside.filter(({ outcome }) => outcome === 'accepted')) };
  };
  return [
    ...BUCKETS.map(([from, to]) => bucket(from / 10, to / 10, (tenth) => tenth !== null && tenth >= from && tenth < to)),
    bucket(null, null, (tenth) => tenth === null),
  ].filter(({ values }) => values > 0);
}

function sum(rows: readonly FieldAgreementRow[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

function proposalOf({ screen, source, decisions, unchanged }: Omit<AgreementRow, 'fields'>): ScreenAgreement['proposal'] {
  if (decisions < ENOUGH_DECISIONS || unchanged < decisions) return null;
  const atLeast = Math.floor(wilson(unchanged, decisions).low * 1_000) / 10;
  const name = screen.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const words = `This screen was confirmed unchanged in ${unchanged} of ${decisions} decisions. So of a hundred like these at least ${atLeast} would be, too (95 % certain). It could become a condition:`;
  const code = [
    '.when(',
    `  (ctx) => needsAPerson(${source === null ? 'ctx.input' : `ctx.resultOf('${source}')`}), // say in needsAPerson when somebody still has to look`,
    `  (yes) => yes.screen(${name}),`,
    ')',
    `// Where its answer is read: ctx.maybeAnswerOf(${name}) ?? what was suggested`,
  ].join('\n');
  return { words, code };
}
