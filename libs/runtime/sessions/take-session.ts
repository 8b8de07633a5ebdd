import { StepwellError } from '@stepwell/contracts';
import type { NewRun } from '@stepwell/engine';
import { findRunByKey, type ForkedRun, shareSession, type Sql } from '@stepwell/storage';

/**
 * Holds the session of a run until the commit of its start, before its key and its row.
 *
 * @returns the run that used its key before, where the session takes no new one
 * @throws StepwellError SESSION_NOT_FOUND, SESSION_CLOSED
 */
export async function takeSession(sql: Sql, { tenant, workflow, key, session }: NewRun): Promise<string | undefined> {
  if (session == null) return undefined;
  const state = await shareSession(sql, { tenant, name: session });
  if (state === undefined) throw new StepwellError('SESSION_NOT_FOUND', { name: session });
  if (state === 'active') return undefined;
  const before = key === null ? undefined : await findRunByKey(sql, tenant, workflow, key);
  if (before === undefined) throw new StepwellError('SESSION_CLOSED', { name: session, state, what: 'new run' });
  return before;
}

/**
 * As `takeSession`, for a run that goes on from another one in the session: a completed one refuses it, no other.
 *
 * @throws StepwellError SESSION_NOT_FOUND, SESSION_CLOSED
 */
export async function stayInSession(sql: Sql, { tenant, session }: Pick<ForkedRun, 'tenant' | 'session'>): Promise<void> {
  if (session === null) return;
  const state = await shareSession(sql, { tenant, name: session });
  if (state === undefined) throw new StepwellError('SESSION_NOT_FOUND', { name: session });
  if (state === 'completed') throw new StepwellError('SESSION_CLOSED', { name: session, state, what: 'new run' });
}
