import { isDecidable } from '../../status/status-tone.js';
import type { TaskRow } from '../inbox.query.js';

type Row = Pick<TaskRow, 'id' | 'status' | 'isMine' | 'claimedBy' | 'isForOthers' | 'isNobodyLeft'>;

/**
 * Why no next task was found, in words that are true whatever the list does not show.
 * @param left the task that one comes from
 * @param isWhole the list has no more rows, and the next task was looked for among them alone
 */
export function nothingFree(rows: readonly Row[], left: string | undefined, isWhole: boolean): string {
  const others = rows.filter(({ id, status }) => id !== left && isDecidable(status));
  if (!isWhole) return 'Nothing else here is free for you.';
  if (others.length === 0) return 'Nothing else waits here.';
  const nobodyLeft = others.filter((row) => row.isNobodyLeft);
  const held = others.filter((row) => !row.isNobodyLeft && row.claimedBy !== null && !row.isMine);
  const forOthers = others.filter((row) => !row.isNobodyLeft && row.claimedBy === null && row.isForOthers);
  // What seems free was taken meanwhile, or answered by the viewer: the list will say.
  if (nobodyLeft.length + held.length + forOthers.length < others.length) return 'Nothing else here is free for you.';
  const why = [
    told(held.length, 'is being worked on', 'are being worked on'),
    told(forOthers.length, 'is for others to decide', 'are for others to decide'),
    told(nobodyLeft.length, 'has nobody left who may decide it', 'have nobody left who may decide them'),
  ];
  return `Nothing else here is free for you: ${why.filter((one) => one !== '').join(', ')}.`;
}

function told(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
