// What was measured, and where: docs/reference/scale.md has the same figures, by way of `simulate.mjs --tables`.

/** A three-step run, of the bench (`--only three-steps`) and the cost budget. */
export const COST = { commits: 4, nodeMs: 0.2, postgresMs: 0.14, statementMs: 0.5, walBytes: 3_000 };

/** The machine of these measurements: PostgreSQL and all workers on two cores. */
export const HERE = { cores: 2, isShared: true, walMbPerS: 400, syncMs: 0.6, contention: 0 };

/** Three-step runs per second there, by worker processes (`npm run bench:workers`). */
export const POINTS = { 1: 0, 2: 0 };
