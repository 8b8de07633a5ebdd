import type { SealedDecision } from '@stepwell/storage';
import type { ChainLink } from './chain-check.js';

/** A row of the database as a link of the chain. */
export function linkOf({
  seq,
  id,
  task_id: task,
  content,
  hash,
  key_id: keyId,
  sealed_at: at,
  record,
  is_dropped,
}: SealedDecision): ChainLink {
  const link = { seq, id, task, content, hash, keyId, sealedAt: at.toISOString(), record };
  return is_dropped ? { ...link, without: 'dropped' } : link;
}
