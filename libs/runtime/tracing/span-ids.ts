/**
 * The ids of spans. They follow from the run and the place in it, so that whoever writes a span of a run, in whatever process and however
 * often, means the same one: the trace of a run is its id without the dashes, and nobody has to be asked which one to go on with.
 */
import { createHash } from 'node:crypto';
import { nodeKey, type RunState } from '@stepwell/engine';
import type { SpanRef } from './tracing.js';

/** An entry of a handler, as the state knows it before what became of it. */
export interface EntryAt {
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
}

export function traceIdOf(runId: string): string {
  return runId.replaceAll('-', '');
}

/** @param key what it is in the run; '' for the run itself */
export function spanOf(runId: string, key: string): SpanRef {
  return { traceId: traceIdOf(runId), spanId: createHash('sha256').update(`${runId} ${key}`).digest('hex').slice(0, 16) };
}

/** The span of an event that a run has emitted. @param eventId a UUIDv7, of which the second half is chance */
export function eventSpanOf(runId: string, eventId: string): SpanRef {
  return { traceId: traceIdOf(runId), spanId: traceIdOf(eventId).slice(16) };
}

/** Tells one entry of a handler from all others of its run: those of one attempt by its suspensions, those of an emitter by its batches. */
export function entryKeyOf({ nodes }: RunState, { path, iteration, attempt }: EntryAt, standIn?: string): string {
  const { batches, suspensions = 0, checks = 0 } = nodes.get(path, iteration) ?? {};
  const entry = standIn === undefined ? (batches ?? suspensions) : standIn === 'verify' ? `verify-${checks}` : standIn;
  return `${nodeKey(path, iteration)}!${attempt}.${entry}`;
}

/** When a UUIDv7 was made, milliseconds since 1970. */
export function timeOf(uuid: string): number {
  return Number.parseInt(traceIdOf(uuid).slice(0, 12), 16);
}
