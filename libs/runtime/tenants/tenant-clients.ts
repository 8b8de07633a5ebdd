import { StepwellError } from '@stepwell/contracts';
import type { StepwellClient } from '@stepwell/sdk';

/** The clients of all databases that this process has open, each put here when its loops run. */
export class TenantClients {
  private readonly clients = new Map<string, StepwellClient>();

  put(database: string, client: StepwellClient): void {
    this.clients.set(database, client);
  }

  /** @throws StepwellError TENANT_AWAY when this process has not been able to open it so far */
  of(database: string, tenant: string): StepwellClient {
    const client = this.clients.get(database);
    if (!client) throw new StepwellError('TENANT_AWAY', { tenant, database });
    return client;
  }
}
