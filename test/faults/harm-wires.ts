/** Harm to the connections between one worker and the database. It is done when something was said on them meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../crash/random.js';
import type { WireFault } from './faults.js';
import type { Proxy } from './proxy.js';

/** @returns whether it met any connection */
export async function harmWires(proxy: Proxy, fault: WireFault, chance: Random, leaseMs: number): Promise<boolean> {
  const { late, swallowed } = proxy.harmed;
  switch (fault) {
    case 'wire-late':
      proxy.delay(chance.between(20, 400));
      await delay(chance.between(1_000, 4_000));
      proxy.delay(0);
      return proxy.harmed.late > late;
    // For longer than the lease: who is behind it is as good as dead, and does not know it.
    case 'wire-half-open':
      proxy.halfOpen();
      await delay(leaseMs + chance.between(500, 3_000));
      proxy.cut();
      return proxy.harmed.swallowed > swallowed;
    case 'wire-cut':
      return proxy.cut() > 0;
  }
}
