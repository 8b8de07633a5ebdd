import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { SessionService } from '@stepwell/access';
import { ChangeFeed } from '@stepwell/engine';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';
import { MAX_SUBSCRIPTIONS } from './subscription-server.js';

const { jest } = import.meta;

describe('subscriptions', () => {
  let api: ApiApp;
  let reviewer: ApiUser;
  const clients: Client[] = [];
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'] });
    reviewer = await api.as('reviewer');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });
  afterAll(() => api.close());

  const wsUrl = () => api.url.replace('http', 'ws');

  function connect(headers: Record<string, string>): Client {
    class SocketWithHeaders extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers });
      }
    }
    const client = createClient({ url: `${wsUrl()}/graphql`, webSocketImpl: SocketWithHeaders, retryAttempts: 0, lazy: true });
    clients.push(client);
    return client;
  }

  /** Resolves when the server has begun to listen for this subscription; `ended` when it has stopped. */
  async function listen(client: Client, query: string) {
    const feed = api.app.get(ChangeFeed);
    const subscribe = feed.subscribe.bind(feed);
    let stopped = (): void => undefined;
    const ended = new Promise<void>((resolve) => (stopped = resolve));
    const listening = new Promise<void>((resolve) => {
      feed.subscribe = (...callbacks) => {
        feed.subscribe = subscribe;
        queueMicrotask(resolve);
        const unsubscribe = subscribe(...callbacks);
        return () => {
          unsubscribe();
          stopped();
        };
      };
    });
    const items = client.iterate<Record<string, { kind: string; id: string }>>({ query });
    const first = items.next();
    await listening;
    return { first, items, feed, ended };
  }

  it('hear what changes in their tenant, and nothing else', async () => {
    const { first, feed } = await listen(
      connect({ cookie: reviewer.cookie, origin: api.url }),
      'subscription { runChanged(id: "r1") { kind id } }',
    );
    feed.publish([
      { tenant: 'acme', kind: 'run', id: 'r1' },
      { tenant: 'default', kind: 'task', id: 'r1' },
      { tenant: 'default', kind: 'run', id: 'r2' },
      { tenant: 'default', kind: 'run', id: 'r1' },
    ]);
    expect((await first).value).toEqual({ data: { runChanged: { kind: 'run', id: 'r1' } } });
  });

  it.each([
    ['runsChanged', 'run'],
    ['inboxChanged', 'task'],
  ] as const)('%s hears of every one', async (field, kind) => {
    const { first, feed } = await listen(connect({ cookie: reviewer.cookie }), `subscription { ${field} { kind id } }`);
    feed.publish([{ tenant: 'default', kind, id: 'any' }]);
    expect((await first).value).toEqual({ data: { [field]: { kind, id: 'any' } } });
  });

  it.each([
    ['gives it up', (items: AsyncIterableIterator<unknown>) => items.return?.()],
    ['goes', (_items: AsyncIterableIterator<unknown>, client: Client) => client.terminate()],
  ])('end on the server, too, when the page %s', async (_how, leave) => {
    const client = connect({ cookie: reviewer.cookie });
    const { items, first, ended } = await listen(client, 'subscription { runsChanged { id } }');
    first.catch(() => undefined);
    void leave(items, client);
    await ended;
  });

  describe('the handshake', () => {
    async function refusal(path: string, headers: Record<string, string>): Promise<[number, string]> {
      const socket = new WebSocket(`${wsUrl()}${path}`, 'graphql-transport-ws', { headers });
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      const words = await text(response);
      socket.once('error', () => undefined).terminate();
      return [response.statusCode ?? 0, words];
    }

    it('is refused in words without a session, from another site, and elsewhere', async () => {
      const { cookie } = reviewer;
      expect(await refusal('/graphql', {})).toEqual([401, 'Sign in first.\n']);
      expect(await refusal('/graphql', { cookie: 'stepwell=forged' })).toEqual([401, 'Sign in first.\n']);
      expect(await refusal('/graphql', { cookie, origin: 'https://evil.example' })).toEqual([403, expect.stringContaining('another site')]);
      expect(await refusal('/graphqlx', { cookie })).toEqual([404, 'There is no websocket here. It is at /graphql.\n']);
    });

    it('of a session that expires ends with it', async () => {
      const { id, cookie } = await api.as('reviewer');
      const sessions = api.app.get(SessionService);
      const viewerOf = sessions.viewerOf.bind(sessions);
      // It is good when the handshake looks at it, however long that takes, and soon over then.
      jest.spyOn(sessions, 'viewerOf').mockImplementationOnce(async (cookies) => {
        const viewer = await viewerOf(cookies);
        const { rows } = await api.database.pool.query<{ at: Date }>(
          `UPDATE sessions SET expires_at = clock_timestamp() + interval '1 second' WHERE user_id = $1 RETURNING expires_at AS at`,
          [id],
        );
        return viewer && rows[0] && { ...viewer, session: { ...viewer.session, expiresAt: rows[0].at } };
      });
      const socket = new WebSocket(`${wsUrl()}/graphql`, 'graphql-transport-ws', { headers: { cookie } });
      const closed = once(socket, 'close');
      await once(socket, 'open');
      socket.send('{"type":"connection_init"}');
      const [code, reason] = (await closed) as [number, Buffer];
      expect([code, reason.toString()]).toEqual([4403, 'The session has ended.']);
    });
  });

  it('cannot be used once the session was ended elsewhere', async () => {
    const { cookie } = await api.as('reviewer');
    const client = connect({ cookie });
    const { first, feed } = await listen(client, 'subscription { runsChanged { id } }');
    feed.publish([{ tenant: 'default', kind: 'run', id: 'x' }]);
    await first;
    await api.client().post('/auth/sign-out').set({ cookie }).send({}).expect(204);
    await expect(client.iterate({ query: 'subscription { inboxChanged { id } }' }).next()).rejects.toMatchObject({ code: 4403 });
  });

  it.each([
    ['{ viewer { id } }', 'Only subscriptions come over the socket; send queries and mutations by POST.'],
    [
      'mutation { startRun(workflow: "orders") { existing } }',
      'Only subscriptions come over the socket; send queries and mutations by POST.',
    ],
    ['subscription { nothing }', 'Cannot query field "nothing" on type "Subscription".'],
    ['subscription {', 'Syntax Error: Expected Name, found <EOF>.'],
  ])('are all that comes over the socket: %s', async (query, message) => {
    const client = connect({ cookie: reviewer.cookie });
    await expect(client.iterate({ query }).next()).rejects.toMatchObject([{ message }]);
  });

  it('are bounded on one socket, and one that has ended makes room', async () => {
    const socket = new WebSocket(`${wsUrl()}/graphql`, 'graphql-transport-ws', { headers: { cookie: reviewer.cookie } });
    await once(socket, 'open');
    const say = (message: object) => socket.send(JSON.stringify(message));
    const heard = async () => JSON.parse(String(((await once(socket, 'message')) as [Buffer])[0])) as { type: string; payload: unknown };
    const subscribe = (id: string) => say({ id, type: 'subscribe', payload: { query: 'subscription { runsChanged { id } }' } });
    say({ type: 'connection_init' });
    expect(await heard()).toMatchObject({ type: 'connection_ack' });
    for (let index = 0; index < MAX_SUBSCRIPTIONS; index++) subscribe(`s${index}`);
    subscribe('one-more');
    expect(await heard()).toMatchObject({
      type: 'error',
      id: 'one-more',
      payload: [{ message: expect.stringContaining('50'), extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
    say({ id: 's0', type: 'complete' });
    subscribe('in-its-place');
    subscribe('beyond');
    expect(await heard()).toMatchObject({ type: 'error', id: 'beyond' });
    socket.terminate();
  });

  it('come over the socket only', async () => {
    const { errors } = await reviewer.ask('subscription { inboxChanged { kind } }');
    expect(errors).toMatchObject([
      { message: 'Subscriptions come over the websocket only; see graphql-ws.', extensions: { code: 'GRAPHQL_INVALID' } },
    ]);
  });

  it.each([
    '{"id":"1","type":"next","payload":{}}',
    '{"id":"1","type":"error","payload":[]}',
    '{"type":"connection_ack"}',
    'null',
    '{"type":',
  ])('take %s for the mistake of a client', async (message) => {
    const socket = new WebSocket(`${wsUrl()}/graphql`, 'graphql-transport-ws', { headers: { cookie: reviewer.cookie } });
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send(message);
    expect(await once(socket, 'close')).toEqual([4400, Buffer.from('Invalid message received')]);
  });

  it('do not hold up a stop', async () => {
    const other = await startApiApp({ roles: ['api'] });
    const { cookie } = await other.as('reviewer');
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { cookie } });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await other.close();
    // Told to go, and gone by itself: a socket that had to be cut off would close with 1006.
    expect((await closed)[0]).toBe(1001);
  });
});
