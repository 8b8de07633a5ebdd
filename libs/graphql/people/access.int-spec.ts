import { type ApiApp, startApiApp } from '../../../test/server/api-app.js';
import { UserService } from '@stepwell/access';

describe('access over GraphQL', () => {
  let api: ApiApp;
  beforeAll(async () => {
    api = await startApiApp();
  });
  afterAll(() => api.close());

  const post = (body: object) => api.client().post('/graphql').set('x-stepwell-csrf', '1').send(body);

  it('tells nobody who is not signed in anything, except that he is not', async () => {
    expect((await post({ query: '{ viewer { name } }' })).body).toEqual({ data: { viewer: null } });
    const { body } = await post({ query: '{ runs(first: 1) { edges { cursor } } }' });
    expect(body.errors).toMatchObject([{ message: 'Sign in first.', path: ['runs'], extensions: { code: 'NOT_SIGNED_IN' } }]);
    expect(Object.keys(body.errors[0].extensions)).toEqual(['code']);
  });

  it('leaves operating to operators', async () => {
    const reviewer = await api.as('reviewer');
    for (const call of [
      'startRun(workflow: "orders") { existing }',
      'cancelRun(id: "x") { run { id } }',
      'emitEvent(name: "x") { event { id } }',
      'settleAsyncResult(id: "x") { settled }',
    ]) {
      expect((await reviewer.ask(`mutation { ${call} }`)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect((await reviewer.ask('{ workflows { name } viewer { role passwordIsOneTime } }')).data.viewer).toEqual({
      role: 'reviewer',
      passwordIsOneTime: false,
    });
  });

  describe('a mutation', () => {
    const query = 'mutation { startRun(workflow: "none") { errors { code } } }';

    it('needs the header that no form can send', async () => {
      const { cookie } = await api.as('operator');
      const { body } = await api.client().post('/graphql').set({ cookie }).send({ query }).expect(403);
      expect(body.errors).toMatchObject([{ extensions: { code: 'CSRF_HEADER_MISSING' } }]);
      await api.client().post('/graphql').set({ cookie }).send({ query: '{ viewer { id } }' }).expect(200);
    });

    it('is refused from another site, in another content type, and by GET', async () => {
      const { cookie } = await api.as('operator');
      const headers = { cookie, 'x-stepwell-csrf': '1' };
      expect(
        (
          await api
            .client()
            .post('/graphql')
            .set({ ...headers, origin: 'https://evil.example' })
            .send({ query })
            .expect(403)
        ).body.code,
      ).toBe('ORIGIN_REFUSED');
      expect(
        (
          await api
            .client()
            .post('/graphql')
            .set({ ...headers, 'content-type': 'text/plain' })
            .send(JSON.stringify({ query }))
            .expect(415)
        ).body.code,
      ).toBe('CONTENT_TYPE_REFUSED');
      expect((await api.client().get('/graphql').set(headers).query({ query }).expect(405)).body.errors[0].extensions.code).toBe(
        'BAD_REQUEST',
      );
      expect(
        (await api.client().get('/graphql').set(headers).query({ query: '{ viewer { role } }' }).expect(200)).body.data.viewer.role,
      ).toBe('operator');
    });
  });

  it('says what is wrong with a query, and hides what is wrong with the server behind a number', async () => {
    const reviewer = await api.as('reviewer');
    expect((await reviewer.ask('{ nothing }')).errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect((await reviewer.ask('{ runs(')).errors).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
    expect((await reviewer.ask('query ($n: Int!) { runs(first: $n) { edges { cursor } } }', { n: 'many' })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    await api.database.pool.query('ALTER TABLE emission_reads RENAME TO hidden');
    const { errors } = await reviewer.ask('{ emitters { ledger { read } } }');
    await api.database.pool.query('ALTER TABLE hidden RENAME TO emission_reads');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(JSON.stringify(errors)).not.toContain('emission_reads');
  });

  it('replaces the one-time password', async () => {
    const first = await api.app.get(UserService).makeFirstAdmin('fresh');
    const signedIn = await api
      .client()
      .post('/auth/sign-in')
      .send({ tenant: 'fresh', name: first?.name, password: first?.password })
      .expect(204);
    const cookie = String(signedIn.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    const change = async (current: string, next: string) =>
      (
        await post({
          query:
            'mutation ($current: String!, $next: String!) { changePassword(current: $current, next: $next) { viewer { passwordIsOneTime } errors { __typename message path } } }',
          variables: { current, next },
        }).set({ cookie })
      ).body.data.changePassword;
    expect(await change('wrong', 'long enough indeed')).toEqual({
      viewer: null,
      errors: [{ __typename: 'FieldError', message: 'This is not your present password.', path: ['current'] }],
    });
    expect((await change(first?.password ?? '', 'short')).errors).toMatchObject([{ path: ['next'] }]);
    expect(await change(first?.password ?? '', 'long enough indeed')).toEqual({ viewer: { passwordIsOneTime: false }, errors: [] });
  });
});
