/** An emitter that reads what it is fed, whatever that is, and a processor that says what has come to it. */
import { createHash } from 'node:crypto';
import { emitter, type RecordBatch, type RecordContext, type RecordSource, Step, workflow, WorkflowModule } from '@stepwell/sdk';

/** What `read` of the source returns; in it may be anything, also instead of the lists. */
export interface FedBatch {
  readonly records: unknown;
  readonly rejected: unknown;
  readonly done: unknown;
  /** Goes into the cursor. */
  readonly mark: unknown;
}

interface Place {
  readonly feed: number;
  readonly next: number;
  readonly mark: unknown;
}

export const LIMIT = 20;

/** What JSON does not say, by the text that stands for it. */
const THINGS: Readonly<Record<string, unknown>> = {
  '#undefined': undefined,
  '#nan': Number.NaN,
  '#bigint': 1n,
  '#date': new Date(0),
  '#map': new Map(),
  '#symbol': Symbol('x'),
  '#function': () => 1,
  '#bare': Object.create(null),
  '#unspeakable': Object.assign(Object.create(null), { toString: 1 }),
};
export const STAND_INS = Object.keys(THINGS);
/** Deeper there is nothing of it, and recursion would end. */
const DEPTH = 70;

/** Puts things into the places of the texts that stand for them. */
export function revived(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return Object.hasOwn(THINGS, value) ? THINGS[value] : value;
  if (typeof value !== 'object' || value === null || depth > DEPTH) return value;
  if (Array.isArray(value)) return value.map((one) => revived(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one, depth + 1)]));
}

/** The same for the same JSON, in whatever order its names are. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}

let feed = 0;
let batches: readonly FedBatch[] = [];

/** @param text the batches of the next run of the emitter, as JSON */
export function feedOn(text: string): void {
  feed++;
  batches = JSON.parse(text) as readonly FedBatch[];
}

@Step({ id: 'read-fed' })
class ReadFed implements RecordSource<unknown, Place | null> {
  read({ cursor }: RecordContext<Place | null>): Promise<RecordBatch<unknown, Place | null>> {
    const at = cursor?.feed === feed ? cursor.next : 0;
    const batch = batches[at];
    if (!batch) return Promise.resolve({ records: [], rejected: [], cursor, done: true });
    const { records, rejected, done, mark } = revived(batch) as FedBatch;
    const read = { records, rejected, cursor: { feed, next: at + 1, mark }, done };
    return Promise.resolve(read as RecordBatch<unknown, Place>);
  }
}

export const FED = 'fed';
const fed = emitter(FED, { version: 1, source: ReadFed, processor: 'taste', batchSize: LIMIT });
const taste = workflow<unknown>('taste', { version: 1 }).then('say', ({ input }) => fingerprint(input ?? null));

@WorkflowModule({ workflows: [fed, taste], providers: [ReadFed] })
export class FedModule {}
