/** What every process of the suite does before anything of the product: the clock, the failpoints, what it tells of refusals, the bug if there is one; and its stdin, by which it is told more and sees its parent end. */
import { createInterface } from 'node:readline';
import { arm, installFailpoints } from '../failpoints/failpoints.js';
import { type Order, parseOrders } from '../failpoints/order.js';
import { installMutation } from '../failpoints/install-mutation.js';
import { tellRefusals } from '../failpoints/refusals.js';
import { skewClock } from '../failpoints/skew.js';
import type { ProcessSettings } from './settings.js';

export function prepare(argument: string | undefined): ProcessSettings {
  const settings = JSON.parse(argument ?? '') as ProcessSettings;
  if (settings.skewMs !== 0) skewClock(settings.skewMs);
  installFailpoints();
  tellRefusals();
  const { STEPWELL_FAILPOINT: named, STEPWELL_MUTATION: mutation } = process.env;
  if (mutation) installMutation(mutation);
  arm([...settings.orders, ...(named ? parseOrders(named) : [])]);
  return settings;
}

/** @param stop in order, on SIGTERM */
export function obey(stop: () => Promise<void>): void {
  let stopping: Promise<void> | undefined;
  process.on('SIGTERM', () => {
    stopping ??= stop().then(() => process.exit(0));
  });
  // Ctrl-C reaches the whole process group; the suite goes first and closes our stdin.
  process.on('SIGINT', () => undefined);
  const lines = createInterface(process.stdin);
  lines.on('line', (line) => arm(JSON.parse(line) as Order[]));
  lines.once('close', () => process.exit(1));
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
}
