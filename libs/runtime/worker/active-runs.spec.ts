import type { RunLeases } from '@stepwell/engine';
import type { Activation } from './activation.js';
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

it('says so also when half is passed by a run that was expected and is here already', () => {
  const onRoom = import.meta.jest.fn();
  const active = new ActiveRuns({} as RunLeases, 4, onRoom);
  const activation = (id: string) => ({ run: { tenant: 'acme', id }, abandon: () => undefined }) as unknown as Activation;
  active.add(activation('a'));
  // Who brings the result of a run expects it, also where a claim was quicker.
  for (const id of ['a', 'b']) active.expect({ tenant: 'acme', id });
  active.arrive('a');
  active.add(activation('a'));
  active.decline('b');
  expect([active.room, onRoom.mock.calls.length]).toEqual([3, 1]);
});
