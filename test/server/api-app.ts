/** The whole application in this process, over a test database, with the workflows of `orders.module.ts`: what the API tests talk to. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo, Server } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SessionService } from '@stepwell/access';
import type { Role } from '@stepwell/contracts';
import { ChangeFeed } from '@stepwell/engine';
import { UserEntity } from '@stepwell/storage';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import { AppModule, type AppOptions } from '../../apps/server/app.module.js';
import { configureHttp } from '../../apps/server/http.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { OrdersModule } from './orders.module.js';

export interface ApiApp {
  readonly app: NestExpressApplication;
  readonly database: TestDatabase;
  readonly url: string;
  /** A client without cookies. */
  client(): ReturnType<typeof supertest>;
  /** Somebody of this role, signed in. */
  as(role: Role, tenant?: string): Promise<ApiUser>;
  /** Waits until `look` finds something, looking again whenever something changed. */
  until<T>(look: () => Promise<T | null | undefined | false>): Promise<T>;
  close(): Promise<void>;
}

export interface ApiAnswer {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: { readonly code: string };
  }[];
}

export interface ApiUser {
  readonly id: string;
  readonly displayName: string;
  /** The Cookie header of his session. */
  readonly cookie: string;
  /** POSTs a query or mutation as the pages do. */
  ask(query: string, variables?: Record<string, unknown>): Promise<ApiAnswer>;
}

/** @param given a database with all migrations; by default one of its own */
export async function startApiApp(options: Partial<AppOptions> = {}, given?: TestDatabase): Promise<ApiApp> {
  const database = given ?? (await createTestDatabase());
  const module = AppModule.register({
    ...{ databaseUrl: database.url, directUrl: database.url, roles: ['api', 'worker'], queues: ['default'], tenants: ['default', 'acme'] },
    ...{
      workflowModules: [OrdersModule],
      publicUrl: 'http://stepwell.test',
      configuredPublicUrl: undefined,
      mayOfferDemo: false,
      hasGraphiql: false,
      hasIntrospection: true,
    },
    ...{ webDirectory: '/nowhere', ...options },
  });
  const app = await NestFactory.create<NestExpressApplication>(module, { logger: false, bodyParser: false, abortOnError: false });
  configureHttp(app, { hasGraphiql: options.hasGraphiql ?? false });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = () => supertest(url);
  return {
    ...{ app, database, url, client },
    as: async (role, tenant = 'default') => {
      const name = `${role}-${randomUUID().slice(0, 8)}`;
      const user = { tenant, id: randomUUID(), name, displayName: `Person ${name}`, role, passwordHash: '!', passwordIsOneTime: false };
      await app.get(DataSource).getRepository(UserEntity).insert(user);
      const { token } = await app.get(SessionService).open(user);
      const cookie = `stepwell=${token}`;
      const ask = async (query: string, variables: Record<string, unknown> = {}) =>
        (await client().post('/graphql').set({ cookie, 'x-stepwell-csrf': '1' }).send({ query, variables })).body as ApiAnswer;
      return { id: user.id, displayName: user.displayName, cookie, ask };
    },
    until: (look) => until(app.get(ChangeFeed), look),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

async function until<T>(feed: ChangeFeed, look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = feed.subscribe(() => {
        stop();
        resolve();
      });
    });
    const found = await look();
    if (found) return found;
    await changed;
  }
}
