/** The websocket of subscriptions: frames that are no messages, messages out of order, and operations that it does not take. */
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { type Edge, leaks } from '../edge.js';
import { EVERYBODY, type House, type Who } from '../house.js';
import { hostile, hostileText, jsonText } from '../values.js';

interface Talk {
  readonly who: Who;
  readonly path: string;
  readonly protocol: string;
  readonly frames: readonly string[];
  readonly isBinary: boolean;
}

/** For what comes back to the last frame: a subscription that stands says nothing. */
const ROUND_TRIPS = 4;
const PATIENCE_MS = 60_000;
/** WebSocket and graphql-ws for a fault of the server. */
const SERVER_FAULTS: readonly number[] = [1011, 4500];

const payload = fc.oneof(
  fc
    .constantFrom(
      'subscription { runsChanged { __typename } }',
      'subscription { inboxChanged { __typename } }',
      'subscription ($id: ID!) { runChanged(id: $id) { __typename } }',
      '{ viewer { id } }',
      'mutation { startRun(workflow: "orders") { __typename } }',
    )
    .chain((query) =>
      fc.record({
        query: fc.constant(query),
        variables: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom<unknown>({ id: '@{run}' }, {}, null, undefined) },
          { weight: 1, arbitrary: hostile },
        ),
        operationName: fc.option(hostile, { freq: 1, nil: undefined }),
      }),
    ),
  fc.record({ query: hostile, variables: hostile }, { requiredKeys: [] }),
  hostile,
);
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        id: fc.oneof({ weight: 9, arbitrary: fc.constantFrom<unknown>('1', '2', '3', '4') }, hostile),
        type: fc.constantFrom('subscribe', 'subscribe', 'subscribe', 'complete', 'next', 'error', 'nonsense'),
        payload,
      })
      .map(jsonText),
  },
  {
    weight: 2,
    arbitrary: fc
      .record(
        { type: fc.constantFrom('connection_init', 'ping', 'pong', 'connection_ack', 'start', 'stop'), payload: hostile },
        { requiredKeys: ['type'] },
      )
      .map(jsonText),
  },
  { weight: 1, arbitrary: hostile.map(jsonText) },
  { weight: 1, arbitrary: hostileText },
);
const INIT = '{"type":"connection_init"}';

const talks: fc.Arbitrary<Talk> = fc.record({
  who: fc.constantFrom(...EVERYBODY, 'admin' as const, 'admin' as const, 'reviewer' as const),
  path: fc.oneof({ weight: 9, arbitrary: fc.constant('/graphql') }, fc.constantFrom('/graphql?x=%', '/', '/graphql/', '/health/live')),
  protocol: fc.oneof({ weight: 9, arbitrary: fc.constant('graphql-transport-ws') }, fc.constantFrom('graphql-ws', 'chat', '')),
  frames: fc
    .tuple(fc.nat(5), fc.array(message, { minLength: 1, maxLength: 4 }))
    .map(([begins, rest]) => (begins === 0 ? rest : [INIT, ...rest])),
  isBinary: fc.nat(15).map((chance) => chance === 0),
});

export function socketEdge(house: House): Edge<Talk> {
  return {
    ...{ name: 'websocket', share: 4, together: 16, inputs: talks },
    attempt: async (talk) => {
      const { text, how, isAccepted } = await talked(house, talk);
      const code = Number(how);
      return {
        accepted: isAccepted,
        faults: [
          ...(SERVER_FAULTS.includes(code) || /^HTTP 5/.test(how) || how === 'hung'
            ? [`The socket ended with ${how}: ${text.slice(-300)}`]
            : []),
          ...leaks(text),
          ...(/"INTERNAL/.test(text) ? [`A refusal: ${text.slice(-400)}`] : []),
        ],
        answer: how,
      };
    },
  };
}

function talked(
  house: House,
  { who, path, protocol, frames, isBinary }: Talk,
): Promise<{ text: string; how: string; isAccepted: boolean }> {
  return new Promise((resolve) => {
    let [text, isAccepted] = ['', false];
    const socket = new WebSocket(`${house.ready.url.replace('http', 'ws')}${path}`, protocol === '' ? [] : [protocol], {
      headers: house.headersOf(who),
    });
    const over = (how: string): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.terminate();
      resolve({ text, how, isAccepted });
    };
    const timer = setTimeout(() => over('hung'), PATIENCE_MS);
    socket.once('unexpected-response', (_request, response) => over(`HTTP ${response.statusCode}`));
    socket.once('error', () => over('refused'));
    socket.once('close', (code, reason) => {
      text += reason.toString();
      over(String(code));
    });
    socket.on('message', (data: Buffer) => {
      const said = data.toString();
      text += said;
      isAccepted ||= said.includes('"connection_ack"');
    });
    let roundTrips = 0;
    socket.on('pong', () => (++roundTrips < ROUND_TRIPS ? socket.ping() : over('open')));
    socket.once('open', () => {
      for (const frame of frames) socket.send(isBinary ? Buffer.from(house.resolved(frame)) : house.resolved(frame));
      socket.ping();
    });
  });
}
