/**
 * The server that is fuzzed: the whole application in a process of its own, so that a hang, an end and everything that it prints are seen
 * from outside. It says by IPC where it is, who is signed in, what it has, and which routes it serves.
 */
import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsoleLogger } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { NotificationPreferences } from '@stepwell/notifications';
import { printSchema } from 'graphql';
import { startApiApp } from '../server/api-app.js';
import { askedAt, OrdersModule } from '../server/orders.module.js';
import { type Seed, seedTenant } from '../tenants/seed.js';
import { FedModule, feedOn } from './fed.module.js';
import { SECRET } from './secrets.js';

export interface Route {
  readonly method: string;
  /** As Express has it: `/documents/:id`. */
  readonly path: string;
}

/** What the process says when it is ready. */
export interface Ready {
  readonly url: string;
  readonly databaseUrl: string;
  /** Cookie headers by who it is. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly apiKey: string;
  readonly seed: Seed;
  readonly unsubscribe: string;
  readonly routes: readonly Route[];
  readonly schema: string;
}

/** What may be asked of it: where all results so far are waited for; a new session; that its emitter reads something; an end. */
export type Wish = 'callbacks' | 'session' | { readonly feed: string } | 'end';

const webDirectory = mkdtempSync(join(tmpdir(), 'stepwell-fuzz-web-'));
writeFileSync(join(webDirectory, 'index.html'), '<!doctype html><title>Stepwell</title>');
const api = await startApiApp({ webDirectory, secret: SECRET, hasIntrospection: false, workflowModules: [OrdersModule, FedModule] });
// A request on a line that the server ends at that moment would get no answer, and that is no fault of what it says.
api.app.getHttpServer().keepAliveTimeout = 0;
api.app.useLogger(new ConsoleLogger({ logLevels: ['error', 'warn', 'fatal'], colors: false }));
process.on('unhandledRejection', (error) => console.error('Nobody handled', error));

const [admin, operator, reviewer, stranger] = [
  await api.as('admin'),
  await api.as('operator'),
  await api.as('reviewer'),
  await api.as('admin', 'acme'),
];
const seed = await seedTenant(api, admin, 'default', 'seed');
// It is no run of the schedule's, and the auditor would say so.
await api.database.pool.query('DELETE FROM slots');
const { createApiKey } = (await admin.ask('mutation { createApiKey(name: "fuzz", role: operator, expiresInDays: 9) { key } }')).data;
const ready: Ready = {
  ...{
    url: api.url,
    databaseUrl: api.database.url,
    seed,
    apiKey: createApiKey.key,
    schema: printSchema(api.app.get(GraphQLSchemaHost).schema),
  },
  cookies: { admin: admin.cookie, operator: operator.cookie, reviewer: reviewer.cookie, stranger: stranger.cookie },
  unsubscribe: api.app.get(NotificationPreferences)['tokens'].unsubscription({ tenant: 'default', userId: reviewer.id }),
  routes: routesOf(api.app.getHttpAdapter().getInstance() as unknown as Router),
};
process.send?.({ ready });

process.on('message', (wish: Wish) => void answer(wish));
process.once('disconnect', () => void answer('end'));

async function answer(wish: Wish): Promise<void> {
  if (wish === 'callbacks') process.send?.({ callbacks: askedAt });
  else if (wish === 'session') process.send?.({ session: (await api.as('reviewer')).cookie });
  else if (typeof wish === 'object') {
    feedOn(wish.feed);
    process.send?.({ fed: true });
  } else {
    await api.close();
    rmSync(webDirectory, { recursive: true, force: true });
    process.exit(0);
  }
}

interface Layer {
  readonly route?: { readonly path: string | readonly string[]; readonly methods: Readonly<Record<string, boolean>> };
}

interface Router {
  readonly router: { readonly stack: readonly Layer[] };
}

/** Every route that the router has, so that a new one is fuzzed from its first day. */
function routesOf({ router }: Router): Route[] {
  return router.stack.flatMap(({ route }) =>
    route
      ? [route.path].flat().flatMap((path) => Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path })))
      : [],
  );
}
