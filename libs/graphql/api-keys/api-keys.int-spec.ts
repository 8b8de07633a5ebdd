import { type ApiAnswer, type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const CREATE = `mutation ($name: String!, $role: Role!, $days: Int!) { createApiKey(name: $name, role: $role, expiresInDays: $days) {
  key apiKey { id name role expiresAt revokedAt lastUsedAt createdBy { id kind } } errors { __typename code path } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { apiKey { revokedAt } errors { code } } }';
const START = 'mutation { startRun(workflow: "failing") { run { id actor { id name kind } } errors { code } } }';

describe('keys of machines', () => {
  let api: ApiApp;
  let admin: ApiUser;
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'] });
    admin = await api.as('admin');
  });
  afterAll(() => api.close());

  async function made(role: string, who = admin): Promise<{ id: string; key: string }> {
    const { createApiKey } = (await who.ask(CREATE, { name: `a ${role}`, role, days: 1 })).data;
    return { id: createApiKey.apiKey.id, key: createApiKey.key };
  }
  const send = (authorization: string, query: string, headers: Record<string, string> = {}) =>
    api
      .client()
      .post('/graphql')
      .set({ authorization, ...headers })
      .send({ query });
  const ask = async (key: string, query: string): Promise<ApiAnswer> => (await send(`Bearer ${key}`, query).expect(200)).body as ApiAnswer;
  const row = async (id: string) => (await api.database.pool.query('SELECT * FROM api_keys WHERE id = $1', [id])).rows[0];

  it('are told once, and kept as a hash', async () => {
    const { data } = await admin.ask(CREATE, { name: ' Nightly import ', role: 'operator', days: 30 });
    const { key, apiKey, errors } = data.createApiKey;
    expect(errors).toEqual([]);
    expect(key).toMatch(/^stepwell_[\w-]+\.[\w-]{43}$/);
    expect(apiKey).toMatchObject({ name: 'Nightly import', role: 'operator', revokedAt: null, lastUsedAt: null });
    expect(apiKey.createdBy).toEqual({ id: admin.id, kind: 'user' });
    const days = (new Date(apiKey.expiresAt).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
    expect(JSON.stringify(await row(apiKey.id))).not.toContain(key.split('.')[1]);
    const listed = (await admin.ask('{ apiKeys { id name } }')).data.apiKeys;
    expect(listed[0]).toEqual({ id: apiKey.id, name: 'Nightly import' });
  });

  it('may do what their role may, under a name of their own, without the header against forged forms', async () => {
    const { id, key } = await made('operator');
    expect((await ask(key, '{ viewer { id name role } }')).data.viewer).toEqual({ id, name: 'a operator', role: 'operator' });
    expect((await ask(key, START)).data.startRun.run.actor).toEqual({ id, name: 'a operator', kind: 'api-key' });
    expect((await ask(key, '{ apiKeys { id } }')).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const reviewer = await made('reviewer');
    expect((await ask(reviewer.key, START)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('see their tenant only', async () => {
    const { key } = await made('operator');
    const theirs = await made('operator', await api.as('admin', 'acme'));
    const { run } = (await ask(key, START)).data.startRun;
    const look = `{ run(id: "${run.id}") { id } }`;
    expect((await ask(key, look)).data.run).toEqual({ id: run.id });
    expect((await ask(theirs.key, look)).data.run).toBeNull();
    // The tenant in the key is part of what was hashed.
    const [head, secret] = theirs.key.split('.');
    await send(`Bearer ${key.split('.')[0]}.${secret}`, look).expect(401);
    expect(head).not.toBe(key.split('.')[0]);
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer x',
    'bearer stepwell_',
    `Bearer stepwell_ZGVmYXVsdA.${'A'.repeat(43)}`,
    `Bearer stepwell_AA.${'A'.repeat(43)}`,
  ])('"%s" is nobody, whoever is signed in beside', async (authorization) => {
    const { body } = await send(authorization, '{ viewer { id } }', { cookie: admin.cookie }).expect(401);
    const [code, message] = ['API_KEY_INVALID', 'This API key is unknown, revoked or expired.'];
    expect(body).toEqual({ code, message, errors: [{ message, extensions: { code } }] });
  });

  it('leave the schemes of proxies alone', async () => {
    const { body } = await send('Basic dTpw', '{ viewer { id } }', { cookie: admin.cookie }).expect(200);
    expect(body.data.viewer).toEqual({ id: admin.id });
  });

  it('end when they are revoked, at once and for good', async () => {
    const { id, key } = await made('operator');
    await ask(key, '{ viewer { id } }');
    const first = (await admin.ask(REVOKE, { id })).data.revokeApiKey;
    expect(first).toEqual({ apiKey: { revokedAt: expect.any(String) }, errors: [] });
    await send(`Bearer ${key}`, '{ viewer { id } }').expect(401);
    expect((await admin.ask(REVOKE, { id })).data.revokeApiKey).toEqual(first);
    for (const none of ['x', '01890000-0000-7000-8000-000000000000'])
      expect((await admin.ask(REVOKE, { id: none })).data.revokeApiKey).toEqual({ apiKey: null, errors: [{ code: 'API_KEY_NOT_FOUND' }] });
  });

  it('end when their time is over', async () => {
    const { id, key } = await made('operator');
    await api.database.pool.query(`UPDATE api_keys SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`, [id]);
    await send(`Bearer ${key}`, '{ viewer { id } }').expect(401);
  });

  it('note their last use once a minute', async () => {
    const { id, key } = await made('reviewer');
    const use = async (): Promise<Date> => {
      await ask(key, '{ viewer { id } }');
      return (await row(id)).last_used_at;
    };
    const first = await use();
    expect(first).toBeInstanceOf(Date);
    expect(await use()).toEqual(first);
    await api.database.pool.query(`UPDATE api_keys SET last_used_at = clock_timestamp() - interval '61 seconds' WHERE id = $1`, [id]);
    expect((await use()).getTime()).toBeGreaterThan(first.getTime());
  });

  it('are made, listed and revoked by admins, who are people', async () => {
    const operator = await api.as('operator');
    const { id } = await made('reviewer');
    const { key } = await made('admin');
    expect((await ask(key, '{ apiKeys { id } }')).data.apiKeys.length).toBeGreaterThan(0);
    const calls = [
      'mutation { createApiKey(name: "x", role: reviewer, expiresInDays: 1) { key } }',
      `mutation { revokeApiKey(id: "${id}") { apiKey { id } } }`,
    ];
    for (const call of [...calls, '{ apiKeys { id } }'])
      expect((await operator.ask(call)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    for (const call of [...calls, 'mutation { changePassword(current: "a", next: "a long enough one") { viewer { id } } }'])
      expect((await ask(key, call)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await row(id)).revoked_at).toBeNull();
  });

  it.each([
    ['a name that is empty', ' ', 1, 'name'],
    ['a name that is too long', 'x'.repeat(101), 1, 'name'],
    ['a name with NUL', '\0', 1, 'name'],
    ['no day', 'x', 0, 'expiresInDays'],
    ['more than a year', 'x', 367, 'expiresInDays'],
  ])('have a name and an end: refused is %s', async (_what, name, days, field) => {
    const { createApiKey } = (await admin.ask(CREATE, { name, role: 'reviewer', days })).data;
    expect(createApiKey).toEqual({ key: null, apiKey: null, errors: [{ __typename: 'FieldError', code: 'INPUT_INVALID', path: [field] }] });
  });

  it('open no socket', async () => {
    const { key } = await made('admin');
    const { WebSocket } = await import('ws');
    const headers = { authorization: `Bearer ${key}` };
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const status = await new Promise((resolve) => socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode)));
    socket.once('error', () => undefined).terminate();
    expect(status).toBe(401);
  });
});
