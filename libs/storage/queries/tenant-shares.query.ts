/**
 * What an operator has given to tenants: a weight in the claim, and a limit of runs at work. Workers ask whether there is any with `next-due`.
 *
 * Locks: the tenant's row; a claim of the tenant's runs that is under way is waited for, and one that begins meanwhile passes the tenant by.
 */
import { StepwellError } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export const GREATEST_WEIGHT = 100;
/** The greatest that the column takes. */
const MOST_AT_WORK = 2 ** 31 - 1;

export interface TenantShare {
  readonly tenant: string;
  /** From 1 to 100; 1 for who has none. */
  readonly weight: number;
  /** Null: no limit. */
  readonly atWork: number | null;
}

export const LIST_TENANT_SHARES = statement(
  'list-tenant-shares',
  'SELECT tenant, weight, at_work AS "atWork" FROM tenant_shares ORDER BY tenant',
);

export const SET_TENANT_SHARE = statement(
  'set-tenant-share',
  `INSERT INTO tenant_shares (tenant, weight, at_work) VALUES ($1, $2, $3)
   ON CONFLICT (tenant) DO UPDATE SET weight = excluded.weight, at_work = excluded.at_work, changed_at = clock_timestamp()`,
);

export const RESET_TENANT_SHARE = statement('reset-tenant-share', 'DELETE FROM tenant_shares WHERE tenant = $1');

export function listTenantShares(sql: Sql): Promise<TenantShare[]> {
  return sql.query(LIST_TENANT_SHARES, []);
}

/**
 * Workers heed it within their next sweep, 10 s. Runs that are at work go on.
 *
 * @throws StepwellError INPUT_INVALID
 */
export async function setTenantShare(sql: Sql, { tenant, weight, atWork }: TenantShare): Promise<void> {
  refuseUnless(tenant !== '' && !tenant.includes('\0'), 'The tenant needs a name.');
  refuseUnless(isWhole(weight, GREATEST_WEIGHT), `The weight is a whole number from 1 to ${GREATEST_WEIGHT}.`);
  refuseUnless(atWork === null || isWhole(atWork, MOST_AT_WORK), 'The limit of runs at work is a whole number of at least 1, or none.');
  await sql.query(SET_TENANT_SHARE, [tenant, weight, atWork]);
}

/** Weight 1 and no limit again. */
export async function resetTenantShare(sql: Sql, tenant: string): Promise<void> {
  await sql.query(RESET_TENANT_SHARE, [tenant]);
}

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

function refuseUnless(isRight: boolean, message: string): void {
  if (!isRight) throw new StepwellError('INPUT_INVALID', { reason: message });
}
