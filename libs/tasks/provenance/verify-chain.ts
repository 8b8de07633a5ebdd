/** Looks whether the records of a tenant's decisions in the database are what was sealed, and whether the chain is whole. */
import { formsOfRecords, readChain, type Sql, unchainedDecisions } from '@stepwell/storage';
import { type Anchor, ChainCheck, type ChainVerdict, MOST_PROBLEMS } from './chain-check.js';
import { linkOf } from './chain-link.js';
import type { SealKey } from './seal.js';

const PAGE = 200;

/**
 * @param keys with which seals were made
 * @param anchor a seal as it was once: the chain must still have it, and then it vouches for what stands before
 */
export async function verifyChain(sql: Sql, tenant: string, keys: readonly SealKey[], anchor?: Anchor): Promise<ChainVerdict> {
  const check = new ChainCheck(tenant, keys, anchor);
  for (;;) {
    const page = await readChain(sql, tenant, check.head.seq, PAGE);
    for (const row of page) check.addSeal(linkOf(row));
    if (page.length < PAGE || check.isFull) break;
  }
  for (const { id, task_id: task } of await unchainedDecisions(sql, tenant, MOST_PROBLEMS))
    check.report(`The record ${id} of task ${task} was inserted: no decision left it.`);
  for (const { hash, form } of await formsOfRecords(sql, tenant)) check.addForm(hash, form);
  return check.verdict();
}
