import type { RunLeases } from '@stepwell/engine';
import { ActiveRuns } from './active-runs.js';

it('says when half of the room is free, also by runs that were expected and do not come', () => {
  const onRoom = import.meta.jest.fn();
  const active = new ActiveRuns({} as RunLeases, 4, onRoom);
  for (const id of ['a', 'b', 'c', 'd']) active.expect({ tenant: 'acme', id });
  expect(active.room).toBe(0);
  active.decline('a');
  active.decline('a');
  expect([active.room, onRoom.mock.calls.length]).toEqual([1, 0]);
  active.decline('b');
  expect([active.room, onRoom.mock.calls.length]).toEqual([2, 1]);
});
