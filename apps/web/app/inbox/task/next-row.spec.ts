import type { TaskRow } from '../inbox.query.js';
import { nextRow } from './next-row.js';

const row = (id: string, parts: Partial<TaskRow> = {}) => ({ id, status: 'open', isMine: false, claimedBy: null, ...parts }) as TaskRow;

describe('nextRow', () => {
  it('takes the next row below', () => {
    expect(nextRow([row('a'), row('b'), row('c')], 'b')?.id).toBe('c');
  });

  it('wraps to the top at the end', () => {
    expect(nextRow([row('a'), row('b')], 'b')?.id).toBe('a');
  });

  it('passes over what others hold and what is decided', () => {
    const held = row('b', { status: 'claimed', claimedBy: { name: 'Maria' } });
    const mine = row('d', { status: 'claimed', claimedBy: { name: 'Me' }, isMine: true });
    expect(nextRow([row('a'), held, row('c', { status: 'completed' }), mine], 'a')?.id).toBe('d');
  });

  it('finds none when this was the last one', () => {
    expect(nextRow([row('a')], 'a')).toBeUndefined();
  });
});
