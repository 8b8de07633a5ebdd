/**
 * Wraps the connection of a process from outside, so that the product runs the same code as ever. Orders come with the settings, by
 * STEPWELL_FAILPOINT, and over stdin while it runs. What an order has done is told in a line of stdout, before it is done.
 */
import { writeSync } from 'node:fs';
import pg from 'pg';
import { formatOrder, NOTIFICATION, type Order, type Place } from './order.js';

type PgQuery = (this: pg.Client, config: string | pg.QueryConfig, ...more: unknown[]) => unknown;

interface Armed {
  readonly order: Order;
  seen: number;
  fired: number;
}

const armed: Armed[] = [];

/** What it was told before and has not done is not to be done any more. */
export function arm(orders: readonly Order[]): void {
  armed.length = 0;
  armed.push(...orders.map((order) => ({ order, seen: 0, fired: 0 })));
}

export function installFailpoints(): void {
  installDeafness();
  const prototype = pg.Client.prototype as unknown as { query: PgQuery };
  const { query } = prototype;
  prototype.query = function (config, ...more) {
    const statement = nameOf(config);
    if (armed.length === 0 || statement === undefined) return query.call(this, config, ...more);
    const callback = more.at(-1);
    if (typeof callback !== 'function') return asked(this, statement, () => query.call(this, config, ...more));
    // Pools ask with a callback.
    const told = callback as (error: unknown, result?: unknown) => void;
    const ask = () => new Promise((settle, fail) => query.call(this, config, ...more.slice(0, -1), (error: unknown, result: unknown) => (error ? fail(error as Error) : settle(result)))); // prettier-ignore
    asked(this, statement, ask).then(
      (result) => told(undefined, result),
      (error: unknown) => told(error),
    );
    return undefined;
  };
}

function installDeafness(): void {
  const prototype = pg.Client.prototype as unknown as { emit: (this: pg.Client, event: string, ...more: unknown[]) => boolean };
  const { emit } = prototype;
  prototype.emit = function (event, ...more) {
    if (event === 'notification' && armed.length > 0 && due(NOTIFICATION, 'before')) return true;
    return emit.call(this, event, ...more);
  };
}

async function asked(client: pg.Client, statement: string, ask: () => unknown): Promise<unknown> {
  const refused = refusal(due(statement, 'before'));
  if (refused) throw refused;
  const answer = ask();
  if (due(statement, 'sent')) void endAfterSending(client);
  const result = await answer;
  const lost = refusal(due(statement, 'after'));
  if (lost) throw lost;
  return result;
}

function nameOf(config: string | pg.QueryConfig): string | undefined {
  if (typeof config === 'object') return config.name;
  return config === 'COMMIT' ? 'commit' : undefined;
}

/** The order that is due here, if there is one; a kill or a stop is carried out at once. */
function due(statement: string, place: Place): Order | undefined {
  for (const one of armed) {
    if (one.order.statement !== statement || one.order.place !== place) continue;
    if (++one.seen < one.order.nth || one.fired >= one.order.times) continue;
    one.fired++;
    // Of several that stop it, one is to: it reads what it is told next only when it has gone on.
    if (one.order.action === 'stop') armed.length = 0;
    else if (one.fired >= one.order.times) armed.splice(armed.indexOf(one), 1);
    writeSync(1, `${JSON.stringify({ fired: formatOrder(one.order), pid: process.pid })}\n`);
    if (place !== 'sent') carryOut(one.order);
    return one.order;
  }
  return undefined;
}

function carryOut({ action }: Order): void {
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
}

function refusal(order: Order | undefined): Error | undefined {
  if (!order || order.action === 'kill' || order.action === 'stop' || order.action === 'drop') return undefined;
  return Object.assign(new Error(`Injected: ${formatOrder(order)}.`), { code: order.action, severity: 'ERROR' });
}

/** The statement has left the process as soon as the kernel has it. */
async function endAfterSending(client: pg.Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: { writableLength: number } } }).connection;
  while (stream.writableLength > 0) await new Promise((next) => setImmediate(next));
  process.kill(process.pid, 'SIGKILL');
}
