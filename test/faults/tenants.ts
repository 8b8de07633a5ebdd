/** Two that share everything but their data: the same workflows, workers and database. What one does must be nothing to the other. */
export const TENANTS = ['default', 'neighbor'] as const;
export type Tenant = (typeof TENANTS)[number];
