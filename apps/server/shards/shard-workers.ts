/** The databases of an installation, as a worker process has them: a loop for each, with connections, a lease and wake-ups of its own. */
import type { INestApplicationContext } from '@nestjs/common';
import { checkDatabase } from '@stepwell/postgres';
import { FIRST_DATABASE, type RuntimeOptions, TenantClients } from '@stepwell/runtime';
import { StepwellClient } from '@stepwell/sdk';
import { prepareShard } from './check-shards.js';
import { type Opened, ShardPlace } from './shard-place.js';
import { databasesOf, optionsOf, placementIn, type Shard, titleOf } from './shard.js';

type Open = (options: RuntimeOptions) => Promise<INestApplicationContext>;

export class ShardWorkers implements Opened {
  private readonly clients = new TenantClients();
  private readonly places: readonly ShardPlace[];

  /** Resolves when each takes work, or will be tried again: none waits for another one, nor for the first. */
  static async start(first: RuntimeOptions, shards: readonly Shard[], open: Open): Promise<ShardWorkers> {
    const workers = new ShardWorkers(first, shards, open);
    await Promise.all(workers.places.map((place) => place.start()));
    return workers;
  }

  private constructor(first: RuntimeOptions, shards: readonly Shard[], open: Open) {
    const openAs = async (name: string, options: RuntimeOptions): Promise<Opened> => {
      const app = await open(options);
      this.clients.put(name, app.get(StepwellClient));
      return app;
    };
    const place = (name: string, opening: () => Promise<Opened>) =>
      // The server has refused what cannot be used at all.
      new ShardPlace(titleOf(name), { open: opening, mayWait: () => true, say: console.log, warn: console.warn });
    this.places = [
      place(FIRST_DATABASE, async () => {
        await checkDatabase(first.databaseUrl);
        return openAs(FIRST_DATABASE, { ...first, clients: this.clients });
      }),
      ...shards.map((shard) =>
        place(shard.name, async () => {
          await prepareShard(shard, databasesOf(first, shards), placementIn(shard.name, shards), console.log);
          return openAs(shard.name, optionsOf(shard, first, shards, this.clients));
        }),
      ),
    ];
  }

  async close(): Promise<void> {
    await Promise.all(this.places.map((place) => place.stop()));
  }
}
