/**
 * A real Nest application over a test database, with access and whatever a test adds, listening on a port of its own. The session
 * helpers sign people in as their browsers would.
 */
import { type DynamicModule, Global, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccessModule, type AccessOptions } from '@stepwell/access';
import { Role } from '@stepwell/contracts';
import { ENTITIES, PG_POOL, UserEntity } from '@stepwell/storage';
import { randomUUID } from 'node:crypto';
import type { AddressInfo, Server } from 'node:net';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import type { TestDatabase } from '../postgres/test-database.js';

export interface TestApp {
  readonly app: NestExpressApplication;
  /** Without a trailing slash. */
  readonly url: string;
  readonly users: DataSource;
  /** A client without cookies. */
  client(): ReturnType<typeof supertest>;
  /** Signs somebody of this role in and returns the Cookie header of that session. */
  cookieOf(role: Role, tenant?: string): Promise<string>;
  close(): Promise<void>;
}

export interface TestAppOptions extends ModuleMetadata {
  readonly access?: Partial<AccessOptions>;
  /** The address to listen on. */
  readonly host?: string;
}

@Global()
@Module({})
class TestDatabaseModule {
  static over(database: TestDatabase): DynamicModule {
    const source = new DataSource({
      type: 'postgres',
      url: database.url,
      entities: [...ENTITIES],
      uuidExtension: 'pgcrypto',
      installExtensions: false,
    });
    return {
      module: TestDatabaseModule,
      providers: [
        { provide: PG_POOL, useValue: database.pool },
        { provide: DataSource, useFactory: () => source.initialize() },
      ],
      exports: [PG_POOL, DataSource],
    };
  }
}

export async function startTestApp(
  database: TestDatabase,
  { access, host = '127.0.0.1', ...metadata }: TestAppOptions = {},
): Promise<TestApp> {
  const options: AccessOptions = { hasSignIn: true, mayOfferDemo: false, publicUrl: undefined, ...access };
  const root: Type<unknown> = class TestRoot {};
  Module({ ...metadata, imports: [TestDatabaseModule.over(database), AccessModule.register(options), ...(metadata.imports ?? [])] })(root);
  const app = await NestFactory.create<NestExpressApplication>(root, { logger: false, bodyParser: false, abortOnError: false });
  app.useBodyParser('json', { limit: '1mb' });
  const source = app.get(DataSource);
  try {
    await app.listen(0, host);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    app,
    url,
    users: source,
    client: () => supertest(url),
    cookieOf: (role, tenant = 'default') => signedIn(app, source, role, tenant),
    close: async () => {
      await app.close();
      await source.destroy();
    },
  };
}

async function signedIn(app: NestExpressApplication, source: DataSource, role: Role, tenant: string): Promise<string> {
  const { SessionService } = await import('@stepwell/access');
  const user = {
    tenant,
    id: randomUUID(),
    name: `${role}-${randomUUID().slice(0, 8)}`,
    displayName: `A ${role}`,
    role,
    passwordHash: '!',
    passwordIsOneTime: false,
  };
  await source.getRepository(UserEntity).insert(user);
  const { token } = await app.get(SessionService).open(user);
  return `stepwell=${token}`;
}
