/**
 * Asks the database whether it can read values, without storing them: finds the culprit after a commit was refused as unstorable.
 * Takes no lock.
 */
import { classify } from '../database-error.js';
import { type Sql, statement } from '../sql.js';

export const PROBE_VALUES = statement('probe-values', 'SELECT $1::jsonb[] IS NULL, $2::text[] IS NULL');

/**
 * @param json JSON texts, as they go into jsonb columns
 * @param texts as they go into text columns
 * @returns what PostgreSQL has against one of them; `undefined` when it takes them all
 */
export async function probeValues(sql: Sql, json: readonly string[], texts: readonly string[]): Promise<string | undefined> {
  try {
    await sql.query(PROBE_VALUES, [json, texts]);
    return undefined;
  } catch (error) {
    if (classify(error) === 'data') return (error as Error).message;
    throw error;
  }
}
