import type { ClientBase } from 'pg';
import { oneTimePassword } from './one-time-password.js';
import { NO_PASSWORD, PasswordHasher } from './password-hasher.js';

/** One statement, so that no session outlives the password it was opened with. */
const RESET = `
WITH reset AS (
  UPDATE users SET password_hash = $3, password_is_one_time = true
  WHERE tenant = $1 AND name = $2 AND password_hash <> '${NO_PASSWORD}'
  RETURNING tenant, id
), ended AS (
  DELETE FROM sessions USING reset WHERE sessions.tenant = reset.tenant AND sessions.user_id = reset.id
)
SELECT id FROM reset`;

/**
 * For whoever has lost his password, by whoever may write the database: gives a new one-time password and ends the user's sessions.
 *
 * @returns the password, known to nobody else; `undefined` when nobody of this name signs in by password
 */
export async function resetPassword(client: ClientBase, tenant: string, name: string): Promise<string | undefined> {
  const password = oneTimePassword();
  const { rowCount } = await client.query(RESET, [tenant, name, await new PasswordHasher().hash(password)]);
  return rowCount === 1 ? password : undefined;
}
