// What was measured, and where: docs/reference/scale.md has the same figures, by way of `simulate.mjs --tables`.

/**
 * A three-step run, by docs/reference/performance.md: 0.34 ms of CPU in all (0.113 for a step), of which Node 0.18 to 0.22; four commits; about
 * 3,000 bytes of log. What a statement costs as such is an estimate, which counts only where batches are small.
 */
export const COST = { commits: 4, nodeMs: 0.2, postgresMs: 0.14, statementMs: 0.5, walBytes: 3_000 };

/** The machine of that measurement: PostgreSQL and the workers on two cores. Its disk is an estimate; it is far from used up there. */
export const HERE = { cores: 2, isShared: true, walMbPerS: 400, syncMs: 0.6, contention: 0 };

/** Three-step runs per second there with nothing else to do, by worker processes. */
export const POINTS = { 1: 4_791 };
