/**
 * From what a source has read to rows: each record is checked by itself. What does not fit the processor's input, or could not be
 * stored, is rejected with the reason, recorded, and the rest goes on; only a batch that makes no sense at all is an error.
 */
import { findNonJson, StepwellError } from '@stepwell/contracts';
import { type ClaimedRun, type LedgerRow, type NewRun, type NewStart, type StartTerms, startTerms } from '@stepwell/engine';
import { type EmitRecordsNode, type RecordBatch, type SourceRecord, validated, type WorkflowDefinition } from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import { storableText } from './storable-text.js';

export interface PreparedRecord {
  readonly key: string;
  readonly position: number | null;
  readonly run: NewRun;
}

export interface PreparedBatch {
  /** In the order of their keys; of equal ones the first read comes first. */
  readonly records: readonly PreparedRecord[];
  readonly rejected: readonly LedgerRow[];
  /** JSON text. */
  readonly cursor: string;
  readonly done: boolean;
}

/** Well below what an index row of PostgreSQL holds (2.7 kB). */
const MAX_KEY_LENGTH = 512;
const MAX_REASON = 1_000;
const MAX_EXCERPT = 500;

/**
 * @param read what the source returned
 * @param cursor where it began to read
 * @throws StepwellError OPTION_INVALID when the source broke its contract
 */
export async function prepareBatch(
  read: unknown,
  cursor: unknown,
  node: EmitRecordsNode,
  run: ClaimedRun,
  processorOf: (start: NewStart) => WorkflowDefinition,
): Promise<PreparedBatch> {
  const batch = checkedBatch(read, cursor, node);
  const records: PreparedRecord[] = [];
  const rejected = Array.from(batch.rejected, fieldsOf).map(({ position, reason, excerpt }) =>
    rejectedRow(position, null, reasonOf(reason), excerpt),
  );
  for (const record of Array.from(batch.records, fieldsOf)) {
    const position = positionOf(record.position);
    const id = uuidV7();
    const prepared = faultOfKey(record.key) ?? (await prepare(record, id, run, processorOf));
    if (typeof prepared !== 'string') records.push({ key: record.key, position, run: prepared });
    else rejected.push(rejectedRow(position, faultOfKey(record.key) === undefined ? record.key : null, prepared));
  }
  // A stable sort: of equal keys the first read comes first.
  records.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { records, rejected, cursor: JSON.stringify(batch.cursor ?? null), done: batch.done };
}

/** The ledger's line of a readable record. */
export function ledgerRow({ key, position, run }: PreparedRecord, isStarted: boolean): LedgerRow {
  const outcome = isStarted ? 'started' : 'deduplicated';
  return { outcome, position, recordKey: key, runId: isStarted ? run.id : null, reason: null, excerpt: null };
}

function checkedBatch(read: unknown, cursor: unknown, { id, batchSize }: EmitRecordsNode): RecordBatch<unknown, unknown> {
  const wrong = (reason: string) => new StepwellError('OPTION_INVALID', { where: `Source "${id}"`, reason });
  const batch = read as Partial<RecordBatch<unknown, unknown>> | null | undefined;
  if (!Array.isArray(batch?.records) || !Array.isArray(batch.rejected) || typeof batch.done !== 'boolean')
    throw wrong('read() returns { records, rejected, cursor, done }.');
  const count = batch.records.length + batch.rejected.length;
  if (count > batchSize) throw wrong(`read() returned ${count} records, but ctx.limit was ${batchSize}.`);
  const bad = findNonJson(batch.cursor ?? null, 'cursor');
  if (bad) throw wrong(`the cursor is not JSON: at ${bad.path}, ${bad.reason}.`);
  if (count === 0 && !batch.done && JSON.stringify(batch.cursor ?? null) === JSON.stringify(cursor ?? null))
    throw wrong('read() returned nothing, is not done, and the cursor has not moved: it would go on like this for ever.');
  return batch as RecordBatch<unknown, unknown>;
}

function faultOfKey(key: unknown): string | undefined {
  if (typeof key !== 'string' || key === '') return 'it has no key';
  if (key.length > MAX_KEY_LENGTH) return `its key is longer than ${MAX_KEY_LENGTH} characters`;
  const bad = findNonJson(key, 'key');
  return bad && `its key cannot be stored: ${bad.reason}`;
}

/** Its type is all that keeps a source from returning what has no fields. */
function fieldsOf<T extends object>(one: T | null | undefined): T {
  return one ?? ({} as T);
}

function reasonOf(said: unknown): string {
  const reason = said instanceof Error ? said.message : said;
  return typeof reason === 'string' && reason !== '' ? reason : 'its source gives no reason';
}

/** @returns a text when it cannot be started, because of its input or of what the author's key functions say to it */
async function prepare(
  record: SourceRecord<unknown>,
  id: string,
  run: ClaimedRun,
  processorOf: (start: NewStart) => WorkflowDefinition,
): Promise<NewRun | string> {
  const bad = findNonJson(record.input ?? null, 'input');
  if (bad) return `${bad.path}: ${bad.reason}`;
  const input = record.input ?? null;
  try {
    const processor = processorOf({ id, input });
    return (await faultOfInput(record, processor)) ?? newRun(record, id, run, processor, startTerms(processor, input));
  } catch (error) {
    if (error instanceof StepwellError && error.code === 'INPUT_INVALID') return error.message;
    throw error;
  }
}

async function faultOfInput(record: SourceRecord<unknown>, processor: WorkflowDefinition): Promise<string | undefined> {
  if (!processor.input) return undefined;
  const checked = await validated(processor.input as never, record.input);
  return checked.ok ? undefined : checked.fields.map((field) => `${field.path}: ${field.message}`).join('; ');
}

function newRun(
  record: SourceRecord<unknown>,
  runId: string,
  { tenant, id, queue }: ClaimedRun,
  { name, version }: WorkflowDefinition,
  terms: StartTerms,
): NewRun {
  return {
    tenant,
    id: runId,
    workflow: name,
    version,
    queue,
    worker: null,
    startedBy: 'emitter',
    actor: null,
    causeEvent: null,
    causeRun: id,
    key: null,
    input: JSON.stringify(record.input ?? null),
    ...terms,
  };
}

function rejectedRow(position: unknown, recordKey: string | null, reason: string, excerpt?: unknown): LedgerRow {
  return {
    outcome: 'rejected',
    position: positionOf(position),
    recordKey,
    runId: null,
    reason: storableText(reason, MAX_REASON),
    excerpt: typeof excerpt === 'string' ? storableText(excerpt, MAX_EXCERPT) : null,
  };
}

function positionOf(position: unknown): number | null {
  return Number.isInteger(position) && Math.abs(position as number) < 2 ** 31 ? (position as number) : null;
}
