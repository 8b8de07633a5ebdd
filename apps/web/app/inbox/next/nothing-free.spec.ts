import { nothingFree } from './nothing-free.js';

const row = (id: string, about: object = {}) =>
  ({ id, status: 'open', isMine: false, claimedBy: null, isForOthers: false, isNobodyLeft: false, ...about }) as const;
const held = (id: string) => row(id, { status: 'claimed', claimedBy: { name: 'Bob' } });

describe('when there is no next task', () => {
  it('nothing is said of others when none is there', () => {
    expect(nothingFree([row('left'), row('done', { status: 'completed' })], 'left', true)).toBe('Nothing else waits here.');
  });

  it('is said what keeps each of the rest', () => {
    const rows = [row('left'), held('a'), held('b'), row('c', { isForOthers: true }), row('d', { isNobodyLeft: true, isForOthers: true })];
    expect(nothingFree(rows, 'left', true)).toBe(
      'Nothing else here is free for you: 2 are being worked on, 1 is for others to decide, 1 has nobody left who may decide it.',
    );
    expect(nothingFree(rows.slice(3), undefined, true)).not.toContain('worked on');
  });

  it('no reason is made up: not for rows that are not shown, and not for one that seems free', () => {
    expect(nothingFree([held('a')], 'left', false)).toBe('Nothing else here is free for you.');
    expect(nothingFree([held('a'), row('b')], 'left', true)).toBe('Nothing else here is free for you.');
  });
});
