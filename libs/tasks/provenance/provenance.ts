/**
 * The chain of decisions for those who ask over the API: what covers the records of a task, and the chain part by part, so that no request
 * walks all of it. Seals of answers that are hidden yet are hidden, too: of a record from before there were salts, who has the hash, and
 * all but the answer, can try answers out.
 */
import { refusedField } from '@stepwell/contracts';
import { sealsOfTask, type Sql } from '@stepwell/storage';
import { isHidden, type MaybeBlind } from '../reviews/what-one-sees.js';
import { exportChain, type ExportFilter } from './export-chain.js';
import type { SealKey } from './seal.js';
import { type PartVerdict, type SealVerdict, verifyPart, verifySeal } from './verify-part.js';

/** Of one request: less than a second, for the most part. */
export const MOST_SEALS = 1_000;
/** Of one task; the newest. Each decision that is taken back leaves two. */
const MOST_RECORDS = 10;
/** There is no seal 0. */
const ANCHOR = /^([1-9]\d{0,14}):([0-9a-f]{64})$/;

export interface SealOfRecord extends SealVerdict {
  /** Of the record, and of its entry in the history of the task. */
  readonly id: string;
  /** Its place in the chain of the tenant; null: it has none yet. */
  readonly number: number | null;
  readonly hash: string | null;
  /** ISO 8601 in UTC. */
  readonly sealedAt: string | null;
}

export class Provenance {
  /** @param keys with which seals were made */
  constructor(
    private readonly sql: Sql,
    private readonly keys: readonly SealKey[],
  ) {}

  /** The seals of a task's records, oldest first, each checked with its record and its place between the seals beside it. */
  async ofTask(tenant: string, task: MaybeBlind & { readonly id: string }): Promise<readonly SealOfRecord[]> {
    if (isHidden(task)) return [];
    const seals: SealOfRecord[] = [];
    for (const { id, seq, hash, sealed_at: at, is_known } of await sealsOfTask(this.sql, tenant, task.id, MOST_RECORDS)) {
      const inserted = is_known ? [] : [`The record ${id} of task ${task.id} was inserted: no decision left it.`];
      const unsealed = { isVerified: false, isLate: false, problems: inserted, notes: [] };
      const verdict = seq === null ? unsealed : await verifySeal(this.sql, tenant, this.keys, seq);
      seals.unshift({ id, number: seq, hash, sealedAt: at?.toISOString() ?? null, ...verdict });
    }
    return seals;
  }

  /**
   * @param after `<number>:<hash>` of a seal, as a part or an anchor has it: from behind it; null: from the first on
   * @param most from 1 to `MOST_SEALS`
   * @throws StepwellError INPUT_INVALID
   */
  async verify(tenant: string, { after, most }: { readonly after: string | null; readonly most: number }): Promise<PartVerdict> {
    if (!Number.isInteger(most) || most < 1 || most > MOST_SEALS)
      throw refusedField('most', `It is a whole number from 1 to ${MOST_SEALS}.`);
    if (after === null) return verifyPart(this.sql, tenant, this.keys, { after: 0, hash: '', most });
    const [, seq, hash] = ANCHOR.exec(after) ?? [];
    if (!seq || !hash) throw refusedField('after', 'It is the head of a part, or an anchor: 12:<64 hexadecimal digits>.');
    return verifyPart(this.sql, tenant, this.keys, { after: Number(seq), hash, most });
  }

  /** The chain as a file, `npm run provenance:verify -- --file` checks it. @yields its lines, each with its end */
  export(tenant: string, filter: ExportFilter): AsyncGenerator<string> {
    return exportChain(this.sql, tenant, filter);
  }
}
