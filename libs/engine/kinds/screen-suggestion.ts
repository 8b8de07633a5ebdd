/**
 * What fills the form of a task: what the screen suggests, as far as it fits the answer's class. It is a convenience and no more, so nothing
 * about it keeps a task from opening: what is wrong is left out, and the task says what and why.
 */
import { findNonJson, type Json, type JsonObject } from '@stepwell/contracts';
import {
  type AnyScreen,
  isShare,
  screenMetadata,
  stepMetadata,
  type Suggestion,
  type TaskSuggestion,
  type Type,
  validated,
} from '@stepwell/sdk';
import type { EvaluateContext } from '../evaluate-context.js';

/** An answer may be no larger, in bytes; what fills the form becomes one. */
const MAX_CHARACTERS = 256 * 1024;
const MOST_ROUNDS = 20;
/** Of what was left out, in a task; then it says how many more. */
const MOST_LEFT_OUT = 100;

type LeftOut = TaskSuggestion['leftOut'][number];

/** @returns `undefined` when the screen has nothing to suggest */
export async function suggestionOf(
  screen: AnyScreen,
  type: Type<AnyScreen>,
  context: EvaluateContext,
): Promise<TaskSuggestion | undefined> {
  if (!screen.suggest) return undefined;
  const openBelow = screenMetadata(type)?.openBelow ?? 1;
  try {
    const given = (await screen.suggest(context.read)) as Suggestion<object> | null | undefined;
    return given ? { ...(await checked(given, screen.answer as Type<object>)), openBelow } : undefined;
  } catch (error) {
    const leftOut = [{ path: '', message: context.faultOf(error).message }];
    return { values: {}, confidence: null, fields: {}, source: null, openBelow, leftOut };
  }
}

async function checked(
  { values, confidence, fields, source }: Suggestion<object>,
  answer: Type<object>,
): Promise<Omit<TaskSuggestion, 'openBelow'>> {
  const name = typeof source === 'function' ? (stepMetadata(source)?.id ?? source.name) : (source ?? null);
  const bad = findNonJson({ values, fields: Object.keys(fields ?? {}), source: name });
  if (bad) throw new Error(`The suggestion is not JSON: at ${bad.path}, ${bad.reason}.`);
  const text = JSON.stringify(values);
  if (text.length > MAX_CHARACTERS) throw new Error(`The suggestion is longer than ${MAX_CHARACTERS} characters.`);
  const all = JSON.parse(text) as Json;
  if (!isObject(all) || Array.isArray(all)) throw new Error('The values of the suggestion are no object.');
  const fitting = await fittingPart(answer, all);
  const sure = shares(fields ?? {}, fitting.values);
  const leftOut = [...fitting.leftOut, ...sure.leftOut];
  if (confidence !== undefined && !isShare(confidence)) leftOut.push({ path: '', message: notAShare(confidence) });
  return {
    values: fitting.values,
    confidence: isShare(confidence) ? confidence : null,
    fields: sure.fields,
    source: name,
    leftOut: shortened(leftOut),
  };
}

/**
 * Asks the class again until it has nothing against a value that is there: without one value, another may no longer be asked for. Every round
 * validates all of it, so all that is wrong goes at once, and the rounds are few.
 */
async function fittingPart(answer: Type<object>, values: JsonObject): Promise<{ values: JsonObject; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = [];
  let rest = values;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = await validated(answer, rest);
    const wrong = new Map<string, LeftOut>();
    for (const field of result.ok ? [] : result.fields)
      if (!wrong.has(field.path) && valueAt(rest, field.path.split('.')) !== undefined) wrong.set(field.path, field);
    if (wrong.size === 0) return { values: rest, leftOut };
    for (const field of wrong.values()) leftOut.push(field);
    rest = without(
      rest,
      [...wrong.keys()].map((path) => path.split('.')),
    ) as JsonObject;
  }
  throw new Error(`What is wrong in the suggestion was left out ${MOST_ROUNDS} times, and each time something else was wrong.`);
}

function shortened(leftOut: readonly LeftOut[]): readonly LeftOut[] {
  const more = leftOut.length - MOST_LEFT_OUT;
  return more <= 0 ? leftOut : [...leftOut.slice(0, MOST_LEFT_OUT), { path: '', message: `And ${more} more.` }];
}

function shares(given: Readonly<Record<string, number>>, values: JsonObject): { fields: Record<string, number>; leftOut: LeftOut[] } {
  const fields: Record<string, number> = {};
  const leftOut: LeftOut[] = [];
  for (const [path, share] of Object.entries(given)) {
    if (!isShare(share)) leftOut.push({ path, message: notAShare(share) });
    else if (valueAt(values, path.split('.')) !== undefined) fields[path] = share;
  }
  return { fields, leftOut };
}

function notAShare(value: unknown): string {
  return `its confidence is ${String(value)}; it is a number from 0 to 1`;
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);
}

/** An item of a list goes as a whole, so that those behind it keep being whole. */
function without(value: Json, paths: readonly (readonly string[])[]): Json {
  if (!isObject(value)) return value;
  const gone = new Set<string>();
  const below = new Map<string, string[][]>();
  for (const [key = '', ...inner] of paths) {
    if (inner.length === 0) gone.add(key);
    else if (below.get(key)?.push(inner) === undefined) below.set(key, [inner]);
  }
  const kept = Object.entries(value)
    .filter(([key]) => !gone.has(key))
    .map(([key, inner]): [string, Json] => [key, without(inner, below.get(key) ?? [])]);
  return Array.isArray(value) ? kept.map(([, inner]) => inner) : Object.fromEntries(kept);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
