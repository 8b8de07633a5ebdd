import { csvAddress, readTeamSearch, toTeamVariables } from './team-search.js';

describe('what the page of the team shows', () => {
  it.each([
    [{}, {}],
    [{ days: '30d' }, {}],
    [
      { days: '7d', workflow: 'claims', screen: '', reviewer: 'a', clock: 'business' },
      { days: '7d', workflow: 'claims', reviewer: 'a', clock: 'business' },
    ],
    [{ days: '8d', clock: 'sun' }, {}],
    [
      { days: '7d', from: '2026-11-01', to: '2026-11-30' },
      { from: '2026-11-01', to: '2026-11-30' },
    ],
    [{ days: '7d', from: '2026-11-01' }, { days: '7d' }],
    [{ from: '2026-11-02', to: '2026-11-01' }, {}],
    [{ from: '2026-13-02', to: 'x' }, {}],
  ])('is read from the address %j, and what is none of it is left out', (address, search) => {
    expect(readTeamSearch(address)).toEqual(search);
    expect(readTeamSearch({ ...readTeamSearch(address) })).toEqual(search);
  });

  it('is asked for in the zone of the viewer, on the page and as a file', () => {
    const range = { from: '2026-11-01', to: '2026-11-30', workflow: 'a&b' };
    expect(toTeamVariables({}, 'Asia/Kathmandu')).toEqual({ period: { zone: 'Asia/Kathmandu', days: 30 }, filter: {} });
    expect(toTeamVariables(range, 'UTC')).toEqual({ period: { zone: 'UTC', from: '2026-11-01', to: '2026-11-30' }, filter: { workflow: 'a&b' } }); // prettier-ignore
    expect(csvAddress('tasks', range, 'UTC')).toBe('/team/tasks.csv?zone=UTC&from=2026-11-01&to=2026-11-30&workflow=a%26b&bom=1');
    expect(csvAddress('days', { days: '7d' }, 'Europe/Berlin')).toBe('/team/days.csv?zone=Europe%2FBerlin&days=7&bom=1');
  });
});
