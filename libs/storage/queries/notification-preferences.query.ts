/** How a person wants to be told: one row by its key, which its owner writes. Locks nothing else. */
import { type Sql, statement } from '../sql.js';

export interface PreferencesRow {
  readonly address: string | null;
  readonly addressNonce: string | null;
  readonly addressAskedAt: Date | null;
  readonly addressVerifiedAt: Date | null;
  readonly channels: readonly string[];
  readonly kinds: readonly string[];
  readonly rhythm: string;
  readonly dailyAt: string;
  readonly zone: string;
  readonly quietFrom: string | null;
  readonly quietUntil: string | null;
}

const COLUMNS = `address, address_nonce AS "addressNonce", address_asked_at AS "addressAskedAt", address_verified_at AS "addressVerifiedAt",
  channels, kinds, rhythm, daily_at AS "dailyAt", zone, quiet_from AS "quietFrom", quiet_until AS "quietUntil"`;

export const READ_PREFERENCES = statement(
  'read-notification-preferences',
  `SELECT ${COLUMNS} FROM notification_preferences WHERE tenant = $1 AND user_id = $2`,
);

export async function readPreferences(sql: Sql, tenant: string, userId: string): Promise<PreferencesRow | undefined> {
  return (await sql.query<PreferencesRow>(READ_PREFERENCES, [tenant, userId]))[0];
}

export type PreferencesChange = Pick<PreferencesRow, 'channels' | 'kinds' | 'rhythm' | 'dailyAt' | 'zone' | 'quietFrom' | 'quietUntil'>;

export const SAVE_PREFERENCES = statement(
  'save-notification-preferences',
  `INSERT INTO notification_preferences (tenant, user_id, channels, kinds, rhythm, daily_at, zone, quiet_from, quiet_until)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   ON CONFLICT (tenant, user_id) DO UPDATE SET (channels, kinds, rhythm, daily_at, zone, quiet_from, quiet_until)
     = ROW (excluded.channels, excluded.kinds, excluded.rhythm, excluded.daily_at, excluded.zone, excluded.quiet_from, excluded.quiet_until)`,
);

export async function savePreferences(sql: Sql, tenant: string, userId: string, change: PreferencesChange): Promise<void> {
  const { channels, kinds, rhythm, dailyAt, zone, quietFrom, quietUntil } = change;
  await sql.query(SAVE_PREFERENCES, [tenant, userId, channels, kinds, rhythm, dailyAt, zone, quietFrom, quietUntil]);
}

export const ASK_ADDRESS = statement(
  'ask-notification-address',
  `WITH asked AS (
     INSERT INTO notification_preferences AS p (tenant, user_id, address, address_nonce, address_asked_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant, user_id) DO UPDATE SET address = $3, address_nonce = $4, address_asked_at = $5, address_verified_at = NULL
     WHERE p.address_asked_at IS NULL OR p.address_asked_at <= $6
     RETURNING tenant, user_id)
   INSERT INTO notifications (tenant, user_id, channel, purpose, next_at, created_at) SELECT tenant, user_id, 'mail', 'verification', $5, $5 FROM asked
   RETURNING id`,
);

/**
 * Notes an address that is to be verified, with the message that asks; nothing else goes there before.
 * @param notSince whoever has asked since then is refused
 * @returns whether it was noted
 */
export async function askAddress(
  sql: Sql,
  {
    tenant,
    userId,
    address,
    nonce,
    now,
    notSince,
  }: { tenant: string; userId: string; address: string; nonce: string; now: Date; notSince: Date },
): Promise<boolean> {
  return (await sql.query(ASK_ADDRESS, [tenant, userId, address, nonce, now, notSince])).length > 0;
}

export const VERIFY_ADDRESS = statement(
  'verify-notification-address',
  `UPDATE notification_preferences SET address_verified_at = coalesce(address_verified_at, $4)
   WHERE tenant = $1 AND user_id = $2 AND address_nonce = $3 RETURNING user_id`,
);

/** @returns false when another address has been asked for meanwhile */
export async function verifyAddress(sql: Sql, tenant: string, userId: string, nonce: string, now: Date): Promise<boolean> {
  return (await sql.query(VERIFY_ADDRESS, [tenant, userId, nonce, now])).length > 0;
}

export const FORGET_ADDRESS = statement(
  'forget-notification-address',
  `UPDATE notification_preferences SET address = NULL, address_nonce = NULL, address_verified_at = NULL WHERE tenant = $1 AND user_id = $2`,
);

export async function forgetAddress(sql: Sql, tenant: string, userId: string): Promise<void> {
  await sql.query(FORGET_ADDRESS, [tenant, userId]);
}

export const LEAVE_CHANNEL = statement(
  'leave-notification-channel',
  `INSERT INTO notification_preferences AS p (tenant, user_id, channels)
   SELECT $1, id, array_remove('{mail,webhook}'::text[], $3) FROM users WHERE tenant = $1 AND id = $2
   ON CONFLICT (tenant, user_id) DO UPDATE SET channels = array_remove(p.channels, $3) RETURNING user_id`,
);

/** @returns false when there is no such person */
export async function leaveChannel(sql: Sql, tenant: string, userId: string, channel: string): Promise<boolean> {
  return (await sql.query(LEAVE_CHANNEL, [tenant, userId, channel])).length > 0;
}
