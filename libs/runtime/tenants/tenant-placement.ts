/**
 * Which tenants are in which database of an installation that has several (docs/adr/0014). Each of them is whole: it has its tenants' people,
 * keys, runs, journals, tasks, events and schedules, and workers, leases and wake-ups of its own. Nothing goes from one to another but what
 * the application says to `StepwellClient`.
 */

/** The database of `DATABASE_URL`: it has all tenants that no other one has. */
export const FIRST_DATABASE = 'first';

export interface TenantPlacement {
  /** The name of the database that is meant. */
  readonly database: string;
  /** Those that are not in the first one, with the names of their databases. */
  readonly databaseOf: Readonly<Record<string, string>>;
}

/** @returns the name of the database that has this tenant */
export function databaseOf({ databaseOf: databases }: Pick<TenantPlacement, 'databaseOf'>, tenant: string): string {
  return (Object.hasOwn(databases, tenant) ? databases[tenant] : undefined) ?? FIRST_DATABASE;
}
