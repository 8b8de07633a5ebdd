// What was measured, and where: docs/reference/scale.md has the same figures, by way of `simulate.mjs --tables`.

/**
 * A three-step run that is queued and claimed, by `npm run bench:workers` with one worker process: 0.38 ms of CPU in all; four commits; about
 * 3,000 bytes of log. What a statement costs as such is the flush of a single run (docs/reference/performance.md), which counts only where
 * batches are small.
 */
export const COST = { commits: 4, nodeMs: 0.14, postgresMs: 0.24, statementMs: 0.5, walBytes: 3_000 };

/** The machine of that measurement: PostgreSQL and the workers on two cores. Its disk is an estimate; it is far from used up there. */
export const HERE = { cores: 2, isShared: true, walMbPerS: 400, syncMs: 0.6, contention: 0 };

/** Three-step runs per second there, by worker processes. The bench itself, which looks for their end, takes a part of the machine. */
export const POINTS = { 1: 4_996, 2: 5_387, 4: 3_846, 8: 3_311 };
