import { asShown, byScreen, type ChosenTask, mayRelease, NOTHING_CHOSEN, toggled, withAll, without } from './selection.js';

const task = (id: string, more: Partial<ChosenTask> = {}): ChosenTask => ({
  ...{ id, version: 1, workflow: 'order', title: 'Approve', subject: id, bulk: null },
  ...more,
});
const rows = [...'abcde'].map((id) => task(id));
const ids = ({ tasks }: typeof NOTHING_CHOSEN) => [...tasks.keys()].sort().join('');

describe('the tasks that are chosen', () => {
  it('are one more or one less, and with shift all between, as the last one is', () => {
    const one = toggled(NOTHING_CHOSEN, rows, 'b', false);
    expect(ids(one)).toBe('b');
    const range = toggled(one, rows, 'd', true);
    expect(ids(range)).toBe('bcd');
    const less = toggled(range, rows, 'c', false);
    expect(ids(less)).toBe('bd');
    expect(ids(toggled(less, rows, 'a', true))).toBe('d');
    expect(ids(toggled(NOTHING_CHOSEN, rows, 'c', true))).toBe('c');
    expect(ids(toggled(range, rows, 'gone', true))).toBe('bcd');
  });

  it('are taken as they are shown, and go with their rows once there are no others below', () => {
    const chosen = withAll(NOTHING_CHOSEN, [task('b'), task('far')]);
    const list = [task('a'), task('b', { version: 3 })];
    const shown = asShown(chosen, list, false);
    expect([...shown.tasks.values()].map(({ id, version }) => [id, version])).toEqual([
      ['b', 3],
      ['far', 1],
    ]);
    expect(asShown(shown, rows.slice(2), false)).toBe(shown);
    expect(ids(asShown(shown, list, true))).toBe('b');
    expect(ids(without(shown, ['b']))).toBe('far');
  });

  it('are released where they are held: a reviewer’s own, anybody’s by an operator', () => {
    const held = [null, { name: 'Maria' }].map((claimedBy) => task('a', { claimedBy, isMine: false }));
    const mine = task('b', { claimedBy: { name: 'Rhea' }, isMine: true });
    expect([...held, mine, task('far')].map((one) => [mayRelease(one, false), mayRelease(one, true)])).toEqual([
      ...[
        [false, false],
        [false, true],
        [true, true],
        [true, true],
      ],
    ]);
  });

  it('are told by workflow and screen, the most first', () => {
    const groups = byScreen([task('a'), task('b', { title: 'Sign' }), task('c', { title: 'Sign' }), task('d', { workflow: 'other' })]);
    expect(groups.map(({ workflow, title, tasks }) => [workflow, title, tasks.length])).toEqual([
      ['order', 'Sign', 2],
      ['order', 'Approve', 1],
      ['other', 'Approve', 1],
    ]);
  });
});
