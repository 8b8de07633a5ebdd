import type { BoardQueues } from './redis/open-board-queues.js';

/**
 * The queues of this Redis for a page that shows them, read only. The client is loaded only here: see `create-hints.ts`.
 *
 * @param names the queues that this installation knows
 * @throws Error when Redis does not answer
 */
export async function boardQueues(url: string, names: readonly string[]): Promise<BoardQueues> {
  const { openBoardQueues } = await import('./redis/open-board-queues.js');
  return openBoardQueues(url, names);
}
