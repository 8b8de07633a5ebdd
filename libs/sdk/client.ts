import type { Actor } from '@stepwell/contracts';
import type { EntityManager } from 'typeorm';
import type { Event } from './event.js';
import type { Flow } from './flow.js';

export interface ClientOptions {
  readonly idempotencyKey?: string;
  /** Who is behind it; by default nobody. */
  readonly actor?: Actor;
  /** By default that of an installation that serves one. */
  readonly tenant?: string;
  /**
   * Of an open transaction in Stepwell's own database, as `dataSource.transaction` or `ctx.transaction` gives it. What is started or emitted
   * is then a part of it: rolled back with it, and seen by nobody before its commit.
   */
  readonly manager?: EntityManager;
}

export interface StartedRun {
  readonly runId: string;
  /** True when the idempotency key had been used; `runId` is then the first run. */
  readonly existing: boolean;
}

/**
 * Starts runs and emits events from any provider or controller of the application: inject it.
 *
 *     await this.dataSource.transaction(async (manager) => {
 *       await manager.save(order);
 *       await this.client.start(orderWorkflow, { orderId: order.id }, { idempotencyKey: order.id, manager });
 *     });
 *
 * In a transaction, a start with a key waits for whoever else is starting with it; when that one commits, this one gets its run, and when it
 * rolls back, its own. Who starts several with keys in one transaction starts them in the order of workflow and key: otherwise two such
 * transactions may wait for each other, and PostgreSQL ends one of them.
 */
export abstract class StepwellClient {
  /**
   * @param workflow what `workflow()` returned, or its name
   * @throws StepwellError WORKFLOW_NOT_FOUND, INPUT_INVALID (with the fields), TRANSACTION_NEEDED when `manager` is in no transaction
   */
  abstract start<In>(workflow: Flow<In>, input: NoInfer<In>, options?: ClientOptions): Promise<StartedRun>;
  abstract start(workflow: string, input: unknown, options?: ClientOptions): Promise<StartedRun>;
  /**
   * Two emits with one key are two events: the key is for tracing, and for listeners that take each key only once.
   *
   * @param event what `event()` returned, or its name
   * @throws StepwellError EVENT_NOT_FOUND, INPUT_INVALID, TRANSACTION_NEEDED
   */
  abstract emit<P>(event: Event<P>, payload: NoInfer<P>, options?: ClientOptions): Promise<{ readonly eventId: string }>;
  abstract emit(event: string, payload: unknown, options?: ClientOptions): Promise<{ readonly eventId: string }>;
}
