/** The databases beside the first one, as a server has them: a whole application for each, behind the one port, by the host that is asked. */
import type { INestApplication } from '@nestjs/common';
import { UserService } from '@stepwell/access';
import { type RuntimeOptions, TenantClients } from '@stepwell/runtime';
import { StepwellClient } from '@stepwell/sdk';
import { ListeningAdapter } from '../listener.js';
import { isAway, prepareShard } from './check-shards.js';
import type { HostSwitch } from './host-switch.js';
import { type Opened, ShardPlace } from './shard-place.js';
import { databasesOf, optionsOf, placementIn, type Shard, titleOf } from './shard.js';
import { hostOf } from './shards-file.js';

export interface ShardServerParts {
  readonly shards: readonly Shard[];
  readonly hosts: HostSwitch;
  /** The options of the first database. */
  readonly first: RuntimeOptions;
  /** @returns an application that is initialized */
  readonly open: (options: RuntimeOptions, adapter: ListeningAdapter) => Promise<INestApplication>;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

export class ShardServers {
  readonly clients = new TenantClients();
  private readonly places: readonly ShardPlace[];

  constructor(private readonly parts: ShardServerParts) {
    const { shards, hosts, say, warn } = parts;
    this.places = shards.map((shard) => {
      hosts.lead(hostOf(shard.publicUrl));
      return new ShardPlace(titleOf(shard.name), { open: () => this.open(shard), mayWait: isAway, say, warn });
    });
  }

  /** Resolves when each is open, or is away and will be tried again. @throws StartError when one cannot be used as it is */
  async start(): Promise<void> {
    for (const place of this.places) await place.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.places.map((place) => place.stop()));
  }

  private async open(shard: Shard): Promise<Opened> {
    const { shards, hosts, first, say, signal } = this.parts;
    await prepareShard(shard, databasesOf(first, shards), placementIn(shard.name, shards), say, signal);
    // A new one each time: what an attempt that failed has left on it answers nobody.
    const server = hosts.makeServer();
    const adapter = new ListeningAdapter(server);
    const app = await this.parts.open(optionsOf(shard, first, shards, this.clients), adapter);
    try {
      if (first.roles.includes('api')) await this.welcome(app, shard);
    } catch (error) {
      await app.close().catch(() => undefined);
      throw error;
    }
    this.clients.put(shard.name, app.get(StepwellClient));
    adapter.takeRequests();
    hosts.lead(hostOf(shard.publicUrl), server);
    return app;
  }

  private async welcome(app: INestApplication, { tenants, publicUrl }: Shard): Promise<void> {
    const tell = (tenant: string) => (one: { name: string; password: string }) =>
      this.parts.say(`Sign in as ${one.name} of tenant "${tenant}" at ${publicUrl} with the one-time password ${one.password}`);
    for (const tenant of tenants) await app.get(UserService).makeFirstAdmin(tenant, tell(tenant));
  }
}
