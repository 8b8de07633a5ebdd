// How far a task has come that several people answer, in words.
import type { TaskState } from '../task.query.js';

const PLURALS = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

export type Reviews = NonNullable<TaskState['reviews']>;

/** `1 of 2 answers`; when so many are given and not equal, how many there are. */
export function answersWords({ required, given, isDisputed }: Pick<Reviews, 'required' | 'given' | 'isDisputed'>): string {
  if (isDisputed) return 'the answers differ';
  return given < required ? `${given} of ${required} answers` : `${given} answers, not ${required} of them equal`;
}

/** `2nd review`, for whoever is next. */
export function nextWords({ given, isDisputed }: Pick<Reviews, 'given' | 'isDisputed'>): string {
  return isDisputed ? 'in dispute' : `${ordinal(given + 1)} review`;
}

/** What whoever is to answer should know. */
export function toAnswerWords(reviews: Reviews): string {
  const { required, given, isBlind, isDisputed } = reviews;
  if (isDisputed) return 'The answers differ, and there will be no more of them. Yours decides.';
  const so = given === 0 ? `${required} equal answers of different people decide this.` : `${sentence(answersWords(reviews))} given.`;
  return isBlind ? `${so} You will not see the others until it is decided.` : so;
}

/** What whoever only looks should know. */
export function standWords(reviews: Reviews): string {
  return reviews.isDisputed ? 'The answers differ; there will be no more of them.' : `${sentence(answersWords(reviews))} given.`;
}

/** What whoever has answered should know. @param isNobodyLeft nobody else may, as things are: nobody is promised */
export function answeredWords(reviews: Reviews, isNobodyLeft = false): string {
  const { required, given, isBlind, isDisputed } = reviews;
  if (isDisputed) return isNobodyLeft ? 'Your answer is kept. The answers differ.' : 'The answers differ. Somebody else settles it.';
  const left = Math.max(required - given, 1);
  const more =
    given < required ? `${left === 1 ? 'one more is' : `${left} more are`} needed` : 'one more is needed, for they are not equal yet';
  return `Your answer is kept; ${more}.${isBlind ? ' You will see the others when it is decided.' : ''}`;
}

/** By whom a dispute is to be settled. */
export function settlerWords({ settledBy }: Pick<Reviews, 'settledBy'>): string {
  if (settledBy.length === 0) return 'to be settled by somebody who has not answered it';
  return `to be settled by ${settledBy.length === 1 ? 'the group' : 'one of the groups'} ${settledBy.join(', ')}`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function ordinal(count: number): string {
  return `${count}${ENDINGS[PLURALS.select(count)] ?? 'th'}`;
}
