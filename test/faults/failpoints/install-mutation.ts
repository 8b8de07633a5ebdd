/** Makes what the process says to the database wrong, on its way: see mutations.ts. */
import pg from 'pg';
import { type Mutation, type MutationName, MUTATIONS } from './mutations.js';

type PgQuery = (this: pg.Client, config: string | pg.QueryConfig, ...more: unknown[]) => unknown;

/** @throws Error, at the first use of a statement, when the piece is not in its text any more: the bug has to be written anew */
export function installMutation(name: string): void {
  const mutation = MUTATIONS[name as MutationName] as Mutation | undefined;
  if (!mutation) throw new Error(`STEPWELL_MUTATION: there is no bug "${name}".`);
  const { replace = {}, swallow = {} } = mutation;
  const texts = new Map<string, string>();
  const prototype = pg.Client.prototype as unknown as { query: PgQuery };
  const { query } = prototype;
  let seen = 0;
  prototype.query = function (config, ...more) {
    if (typeof config !== 'object' || config.name === undefined) return query.call(this, config, ...more);
    const pairs = replace[config.name];
    if (pairs) {
      const text = texts.get(config.name) ?? mutated(config.name, config.text, pairs);
      texts.set(config.name, text);
      return query.call(this, { ...config, text }, ...more);
    }
    const away = swallow[config.name];
    if (!away || ++seen % away.oneIn !== 0) return query.call(this, config, ...more);
    const answer = { rows: away.answer === 'done' ? [{}] : [], rowCount: away.answer === 'done' ? 1 : 0 };
    const told = more.at(-1);
    if (typeof told !== 'function') return Promise.resolve(answer);
    queueMicrotask(() => void (told as (error: unknown, result: unknown) => unknown)(undefined, answer));
    return undefined;
  };
}

function mutated(name: string, text: string, pairs: readonly (readonly [string | RegExp, string])[]): string {
  let changed = text;
  for (const [piece, instead] of pairs) {
    const next = changed.replace(piece, () => instead);
    if (next === changed && piece !== instead) fail(name, piece);
    changed = next;
  }
  return changed;
}

function fail(name: string, piece: string | RegExp): never {
  console.error(`The statement "${name}" has no ${String(piece)} any more.`);
  process.exit(3);
}
