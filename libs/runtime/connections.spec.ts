import { Connections, mostConnections, poolSizes } from './connections.js';
import type { RuntimeRole } from './runtime-options.js';

/** None is opened. */
const URL = 'postgres://nobody@127.0.0.1:1/none';
const LISTENING = 1;

function mostOf(role: RuntimeRole): number {
  const { lease, engine, pages } = new Connections(URL, [role], 1_000);
  return [lease, engine, pages].reduce((sum, pool) => sum + pool.options.max, poolSizes([role]).orm + LISTENING);
}

it('a process has as many connections as docs/reference/scale.md says', () => {
  expect([mostOf('worker'), mostOf('api'), mostOf('isolated')]).toEqual([21, 21, 13]);
});

it.each([1, 4, 8])('a server with %i workers counts itself, the daily pass, and a process in isolation for each worker', (workers) => {
  const pass = new Connections(URL, ['scheduler'], 1_000).housekeeping.options.max;
  expect(mostConnections(workers)).toBe(mostOf('api') + workers * (mostOf('worker') + mostOf('isolated')) + pass);
});
