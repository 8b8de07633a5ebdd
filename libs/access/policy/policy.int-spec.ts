import { Controller, Get, Post } from '@nestjs/common';
import { Query, ResolveField, Resolver } from '@nestjs/graphql';
import { startTestApp, type TestApp } from '../../../test/access/test-app.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { Policy } from './policy.decorator.js';

@Controller('planted')
class WithoutPolicy {
  @Get()
  read(): string {
    return 'open to everybody';
  }
}

@Resolver()
class QueryWithoutPolicy {
  @Query(() => String)
  secret(): string {
    return 'open to everybody';
  }
}

@Resolver('Run')
class FieldWithoutPolicy {
  @ResolveField('secret', () => String)
  secret(): string {
    return 'open to everybody';
  }
}

@Controller('doors')
@Policy('operator')
class Doors {
  @Policy('public')
  @Get('public')
  public(): string {
    return 'public';
  }

  @Policy('reviewer')
  @Get('reviewer')
  reviewer(): string {
    return 'reviewer';
  }

  @Get('operator')
  operator(): string {
    return 'operator';
  }

  @Policy('admin')
  @Post('admin')
  admin(): string {
    return 'admin';
  }
}

describe('policies', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  describe('at boot', () => {
    it('a route without one stops the start, by name', async () => {
      await expect(startTestApp(database, { controllers: [WithoutPolicy] })).rejects.toMatchObject({
        code: 'POLICY_MISSING',
        message: expect.stringMatching(/^WithoutPolicy\.read declares no policy\. Add @Policy/),
      });
    });

    it.each([
      ['query', QueryWithoutPolicy, 'QueryWithoutPolicy.secret'],
      ['field resolver', FieldWithoutPolicy, 'FieldWithoutPolicy.secret'],
    ])('a %s without one does, too', async (_kind, resolver, where) => {
      await expect(startTestApp(database, { providers: [resolver] })).rejects.toMatchObject({ code: 'POLICY_MISSING', details: { where } });
    });

    it('a factory does not hide a resolver', async () => {
      const provider = { provide: 'anything', useFactory: () => new QueryWithoutPolicy() };
      await expect(startTestApp(database, { providers: [provider] })).rejects.toMatchObject({ code: 'POLICY_MISSING' });
    });
  });

  describe('for each request', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp(database, { controllers: [Doors] });
    });
    afterAll(() => app.close());

    it('a public door is open', async () => {
      await app.client().get('/doors/public').expect(200, 'public');
    });

    it('nobody signed in is told to sign in', async () => {
      await app.client().get('/doors/reviewer').expect(401, { code: 'NOT_SIGNED_IN', message: 'Sign in first.' });
    });

    it('a role includes those below it and none above', async () => {
      const cookie = await app.cookieOf('operator');
      await app.client().get('/doors/reviewer').set('cookie', cookie).expect(200);
      await app.client().get('/doors/operator').set('cookie', cookie).expect(200);
      const refused = await app.client().post('/doors/admin').set('cookie', cookie).send({}).expect(403);
      expect(refused.body.code).toBe('FORBIDDEN');
    });

    it('a method without a policy of its own has that of its class', async () => {
      const cookie = await app.cookieOf('reviewer');
      await app.client().get('/doors/operator').set('cookie', cookie).expect(403);
    });

    it('a token that is not ours, or has expired, signs nobody in', async () => {
      const cookie = await app.cookieOf('admin');
      for (const forged of [`${cookie}x`, cookie.replace(/.$/, '_'), 'stepwell=', 'stepwell=%E0%A4%A', 'other=1']) {
        await app.client().get('/doors/reviewer').set('cookie', forged).expect(401);
      }
      await database.pool.query(`UPDATE sessions SET expires_at = clock_timestamp() - interval '1 second'`);
      await app.client().get('/doors/reviewer').set('cookie', cookie).expect(401);
    });
  });
});
