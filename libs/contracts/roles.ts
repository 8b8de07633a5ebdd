/** Roles of people. Each includes the ones before it: an operator may review, an admin may operate. */
export const Role = { reviewer: 'reviewer', operator: 'operator', admin: 'admin' } as const;
export type Role = (typeof Role)[keyof typeof Role];

const RANK: Record<Role, number> = { reviewer: 1, operator: 2, admin: 3 };

/** True when somebody with role `held` may do what role `needed` may do. */
export function includesRole(held: Role, needed: Role): boolean {
  return RANK[held] >= RANK[needed];
}

/** Who did something: a signed-in person or a machine. Stored as the actor of runs, decisions and history entries. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly kind: 'user' | 'api-key' | 'system';
}
