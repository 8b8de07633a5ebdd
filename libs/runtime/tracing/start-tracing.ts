import type { RunRef } from '@stepwell/engine';
import { Batcher, pgSql, readRunOrigins, type RunOriginRow } from '@stepwell/storage';
import type pg from 'pg';
import type { WorkerLog } from '../worker/host.js';
import type { Tracing } from './tracing.js';

export const TRACING = Symbol('TRACING');

/** One question at a time, for all runs that have ended meanwhile: it takes one connection, whatever the load. */
const ONE_BY_ONE = { inFlight: 1, maxItems: 500, maxBytes: Infinity, bytesOf: () => 0 };

/** Loads what sends spans. Where nobody asks for them, none of it is loaded. */
export async function startTracing(pool: pg.Pool, log: WorkerLog): Promise<Tracing> {
  const { OpenTelemetry } = await import('./open-telemetry.js');
  const sql = pgSql(pool);
  const origins = new Batcher<RunRef, RunOriginRow | undefined>(async (runs) => {
    const found = await readRunOrigins(sql, runs);
    return runs.map(({ id }) => ({ ok: true, value: found.get(id) }));
  }, ONE_BY_ONE);
  return new OpenTelemetry({ originOf: (run) => origins.add(run), log });
}
