/**
 * Emitters: a workflow on a schedule that turns records into processor runs. The author writes a source that reads records batch by
 * batch behind a cursor; the engine starts one run per record, keeps the ledger and the cursor, and goes on where it stood after a
 * crash, because batch, runs, ledger rows and cursor are one commit.
 */
import { StepwellError } from '@stepwell/contracts';
import { stepMetadata } from './decorators.js';
import type { Flow, FlowBuilder, NodeBase } from './flow.js';
import type { OnExhausted } from './retry.js';
import type { Type } from './type.js';
import type { ScheduleOptions } from './schedule.js';
import type { StepLogger } from './step-context.js';
import { workflow } from './workflow.js';

/** One readable record. `key` identifies it for ever: a key that was emitted before is recorded as deduplicated and starts nothing. */
export interface SourceRecord<R> {
  readonly key: string;
  readonly input: R;
  /** Where it stood in the source (a line number), for the ledger. */
  readonly position?: number;
}

/** One record that could not be read. */
export interface RejectedRecord {
  readonly position: number;
  readonly reason: string;
  /** What was there, shortened; shown to operators. */
  readonly excerpt?: string;
}

export interface RecordBatch<R, C> {
  readonly records: readonly SourceRecord<R>[];
  readonly rejected: readonly RejectedRecord[];
  /** Where the next batch begins; stored in the same commit as this batch. JSON. */
  readonly cursor: C;
  /** True when the source has nothing more for now: the emitter run ends after this batch. */
  readonly done: boolean;
}

export interface RecordContext<C> {
  /** Where the last committed batch ended, also over runs; `null` at the very first. */
  readonly cursor: C | null;
  /** Read at most this many records. */
  readonly limit: number;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly logger: StepLogger;
}

/** Reads records. Mark the class with `@Step({ id })`; retry, onExhausted and timeout are those of a step. */
export interface RecordSource<R, C> {
  readonly read: (ctx: RecordContext<C>) => Promise<RecordBatch<R, C>>;
}

export interface EmitterOptions<R, C> {
  readonly version: number;
  readonly title?: string;
  readonly source: Type<RecordSource<R, C>>;
  /** The name of the workflow that handles one record. */
  readonly processor: string;
  /** Records per batch and commit; default 500. */
  readonly batchSize?: number;
  readonly schedule?: Omit<ScheduleOptions<undefined>, 'input'>;
}

/** The single node of an emitter; each batch is one iteration of it. */
export interface EmitRecordsNode extends NodeBase {
  readonly kind: 'emit-records';
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a graph holds sources of every record type
  readonly source: Type<RecordSource<any, any>>;
  readonly processor: string;
  readonly batchSize: number;
  readonly onExhausted: OnExhausted;
}

declare module './flow.js' {
  interface NodeDefinitions {
    'emit-records': EmitRecordsNode;
  }
}

/**
 * Declares an emitter; list it in a module's `workflows` as any other workflow.
 *
 * @param name unique among workflows; the ledger is kept under it
 */
export function emitter<R, C>(name: string, options: EmitterOptions<R, C>): Flow<undefined> {
  const where = `Emitter "${name}"`;
  const metadata = stepMetadata(options.source);
  if (!metadata) throw new StepwellError('OPTION_INVALID', { where, reason: `${options.source.name} has no @Step({ id }) decorator.` });
  const batchSize = options.batchSize ?? 500;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 5_000) {
    throw new StepwellError('OPTION_INVALID', { where, reason: `batchSize is ${batchSize}; it is a whole number from 1 to 5000.` });
  }
  const { version, title, schedule } = options;
  const flow = workflow<undefined>(name, {
    version,
    ...(title === undefined ? {} : { title }),
    ...(schedule ? { schedule } : {}),
  }) as FlowBuilder<undefined>;
  const { id, onExhausted } = metadata;
  flow.nodes.push({ kind: 'emit-records', id, source: options.source, processor: options.processor, batchSize, onExhausted });
  return flow;
}
