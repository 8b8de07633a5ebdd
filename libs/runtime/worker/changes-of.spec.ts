import type { RunCommit } from '@stepwell/engine';
import { changesOf } from './changes-of.js';

const commit = { tenant: 'acme', runId: 'r', tasks: [], intent: { kind: 'continue' } } as unknown as RunCommit;
const told = (more: object): string[] => changesOf({ ...commit, ...more }).map(({ tenant, kind, id }) => `${tenant} ${kind} ${id}`);

describe('of a commit', () => {
  it('its run is told', () => expect(told({})).toEqual(['acme run r']));

  it('tasks are told that were opened or escalated: time may have decided them, and then there is a record to seal', () => {
    const changed = { tasks: [{ id: 'new' }], escalations: [{ taskId: 'late', step: 1, what: 'answer', answer: null }] };
    expect(told(changed)).toEqual(['acme run r', 'acme task new', 'acme task late']);
  });

  it('tasks that end with their run are told under its id', () =>
    expect(told({ intent: { kind: 'end', closesRows: true } })).toEqual(['acme run r', 'acme task r']));
});
