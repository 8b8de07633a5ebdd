/**
 * Several people answer one task, each without the others: what becomes of it with one more answer. No clock, no database: the statements
 * write what is said here.
 */
import type { Actor, Json } from '@stepwell/contracts';
import type { OpenedReviews, ReviewPolicy } from '@stepwell/sdk';

/** One person's answer. */
export interface Review {
  readonly by: Actor;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly answer: Json;
  /** Of the request that gave it: the same one again is no second review. */
  readonly key: string | null;
}

export interface TaskReviews extends OpenedReviews {
  /** Oldest first. */
  readonly given: readonly Review[];
  /** Enough equal ones cannot come any more: somebody settles it. */
  readonly isDisputed: boolean;
}

/**
 * `open`      others are to answer
 * `decided`   enough are equal to this answer
 * `disputed`  however the rest answers, there will not be enough equal ones
 */
export type AfterReview = 'open' | 'decided' | 'disputed';

export function afterReview({ required, of, compare }: ReviewPolicy, given: readonly Json[], answer: Json): AfterReview {
  const texts = [...given, answer].map((one) => comparedText(one, compare));
  const equal = (text: string): number => texts.filter((other) => other === text).length;
  if (equal(texts.at(-1) as string) >= required) return 'decided';
  const left = of - texts.length;
  return Math.max(...texts.map(equal)) + left >= required ? 'open' : 'disputed';
}

/** The compared fields in which answers are not all equal, in the order of their names; of answers that are no objects `''`. */
export function differingFields({ compare }: ReviewPolicy, answers: readonly Json[]): readonly string[] {
  const differ = (field: string | null): boolean =>
    new Set(answers.map((one) => comparedText(one, field === null ? null : [field]))).size > 1;
  if (!answers.every(isRecord)) return differ(null) ? [''] : [];
  const fields = compare ?? [...new Set(answers.flatMap((one) => Object.keys(one)))].sort();
  return fields.filter(differ);
}

/** One text for what is equal: without order of fields, and a field that is null is none. */
function comparedText(answer: Json, fields: readonly string[] | null): string {
  const compared =
    fields && isRecord(answer)
      ? Object.fromEntries(fields.map((name) => [name, Object.hasOwn(answer, name) ? (answer[name] ?? null) : null]))
      : answer;
  return JSON.stringify(compared, (_name, value: Json) =>
    isRecord(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, one]) => one !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : value,
  );
}

function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
