import { inTransaction, lockChain, type NewSeal, pgSql, sealDecisions, unsealedDecisions } from '@stepwell/storage';
import type pg from 'pg';
import { contentHash } from './canonical-hash.js';
import { sealHash, type SealKey } from './seal.js';

/** Of one transaction: records may be as large as an answer, a quarter of a megabyte. */
const BATCH = 100;

/**
 * Gives every decision of a tenant that has none its place in the chain. In the order of their ids; what is committed later, with an
 * older id, comes behind.
 *
 * @returns how many it sealed
 */
export async function sealTenant(pool: pg.Pool, tenant: string, key: SealKey | undefined): Promise<number> {
  // Most changes of tasks are no decisions, and need no lock.
  if ((await unsealedDecisions(pgSql(pool), tenant, 1)).length === 0) return 0;
  let sealed = 0;
  for (;;) {
    const count = await inTransaction(pool, async (sql) => {
      const { seq: last, hash, now } = await lockChain(sql, tenant);
      let previous = hash;
      const seals = (await unsealedDecisions(sql, tenant, BATCH)).map(({ id, task_id: task, record }, index): NewSeal => {
        const content = contentHash(record);
        const facts = { tenant, seq: last + 1 + index, previous, id, task, content, sealedAt: now.toISOString() };
        previous = sealHash(facts, key);
        return { id, seq: facts.seq, content, hash: previous };
      });
      if (seals.length > 0) await sealDecisions(sql, tenant, seals, key?.id ?? null, now);
      return seals.length;
    });
    sealed += count;
    if (count < BATCH) return sealed;
  }
}
