/** What a process of the suite is told when it starts, as JSON in its first argument. */
import type { Order } from '../failpoints/order.js';

export interface ProcessSettings {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** Whose runs and steps it takes. */
  readonly queues: readonly string[];
  readonly leaseMs: number;
  readonly sweepMs: number;
  /** The server listens there; a worker listens nowhere. */
  readonly port: number;
  /** How far the clock of this process is off, in milliseconds. */
  readonly skewMs: number;
  /** What is to happen at which statement. */
  readonly orders: readonly Order[];
}
