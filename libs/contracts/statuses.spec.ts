import { includesRole, Role } from './roles.js';
import { isDecidable, isTerminal, RunStatus, TaskStatus } from './statuses.js';

describe('statuses', () => {
  it('says which runs have ended', () => {
    expect(Object.values(RunStatus).filter(isTerminal)).toEqual(['completed', 'failed', 'canceled']);
  });

  it('says which tasks a person may still decide', () => {
    expect(Object.values(TaskStatus).filter(isDecidable)).toEqual(['open', 'claimed']);
  });
});

describe('roles', () => {
  it('include the ones before them', () => {
    const roles = Object.values(Role);
    expect(roles.map((held) => roles.filter((needed) => includesRole(held, needed)))).toEqual([
      ['reviewer'],
      ['reviewer', 'operator'],
      ['reviewer', 'operator', 'admin'],
    ]);
  });
});
