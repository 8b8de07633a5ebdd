import { assigneeOptions, newAssignee } from './assignee-options.js';

describe('whom a task may be given to', () => {
  const person = (name: string, more: object = {}) => ({ name, displayName: name, groups: [], awayUntil: null, substitute: null, ...more });

  it('is people, with who stands in for them, then the groups that there are', () => {
    const people = [
      person('ada', { displayName: 'Ada L.', groups: ['claims'], awayUntil: '2026-12-01T00:00:00Z', substitute: 'bob' }),
      person('bob', { groups: ['senior', 'claims'] }),
    ];
    expect(assigneeOptions(people)).toEqual([
      {
        group: 'People',
        items: [
          { value: 'user:ada', label: 'Ada L. (ada), away: bob stands in' },
          { value: 'user:bob', label: 'bob' },
        ],
      },
      {
        group: 'Groups',
        items: [
          { value: 'group:claims', label: 'claims' },
          { value: 'group:senior', label: 'senior' },
        ],
      },
    ]);
    expect(assigneeOptions([])).toEqual([]);
  });

  it('is sent as a person or a group, whatever the name', () => {
    expect(newAssignee('user:a:b')).toEqual({ user: 'a:b' });
    expect(newAssignee('group:claims')).toEqual({ groups: ['claims'] });
  });
});
