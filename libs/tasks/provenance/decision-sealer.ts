/**
 * Seals decisions a moment after they are made. It acts when a task has changed, and asks nobody by the clock; what a process leaves
 * behind when it dies is sealed at the next start of one, or with the next decision.
 */
import type { ChangeFeed } from '@stepwell/engine';
import type pg from 'pg';
import type { SealKey } from './seal.js';
import { sealTenant } from './seal-tenant.js';

/** Long enough that a busy inbox is sealed in batches, short enough that nobody has time to change much before. */
const SEAL_AFTER_MS = 2_000;

export class DecisionSealer {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly sealing = new Set<Promise<void>>();
  private unsubscribe: (() => void) | undefined;

  /** @param onError of a pass that failed; what it was to seal is sealed by a later one */
  constructor(
    private readonly pool: pg.Pool,
    private readonly changes: ChangeFeed,
    private readonly key: SealKey | undefined,
    private readonly onError: (tenant: string, error: unknown) => void,
  ) {}

  /** @param tenants of which something may be left from before: it is sealed now */
  async start(tenants: readonly string[]): Promise<void> {
    this.unsubscribe = this.changes.subscribe(({ tenant, kind }) => kind === 'task' && this.plan(tenant));
    for (const tenant of tenants) await this.seal(tenant);
  }

  async stop(): Promise<void> {
    this.unsubscribe?.();
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    await Promise.all(this.sealing);
  }

  private plan(tenant: string): void {
    if (this.waiting.has(tenant)) return;
    const seal = (): void => {
      this.waiting.delete(tenant);
      const pass = this.seal(tenant).finally(() => this.sealing.delete(pass));
      this.sealing.add(pass);
    };
    this.waiting.set(tenant, setTimeout(seal, SEAL_AFTER_MS).unref());
  }

  private async seal(tenant: string): Promise<void> {
    try {
      await sealTenant(this.pool, tenant, this.key);
    } catch (error) {
      this.onError(tenant, error);
    }
  }
}
