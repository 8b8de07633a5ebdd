/** Bytes that are no request, or half of one, over a bare socket. The server answers or hangs up; it never waits for ever, and never 500s. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { type Edge, leaks } from '../edge.js';
import type { House } from '../house.js';
import { hostileText } from '../values.js';

interface Bytes {
  /** Of latin1. */
  readonly text: string;
}

/** What the server is given to answer a client that has hung up on its side. */
const PATIENCE_MS = 60_000;

const LINES = [
  ...[
    'GET / HTTP/1.1',
    'POST /graphql HTTP/1.1',
    'GET /health/live HTTP/1.0',
    'GET / HTTP/0.9',
    'GET / HTTP/3.0',
    'GET /',
    'get / http/1.1',
    'PRI * HTTP/2.0',
    'CONNECT a:1 HTTP/1.1',
  ],
  ...[
    'OPTIONS * HTTP/1.1',
    'GET http://evil.example/ HTTP/1.1',
    'GET //evil HTTP/1.1',
    'GET /%00 HTTP/1.1',
    'GET /\u0000 HTTP/1.1',
    'GET /a b HTTP/1.1',
    'POST /documents HTTP/1.1',
    'TRACE / HTTP/1.1',
    '',
  ],
  ...[
    'GET /../../etc/passwd HTTP/1.1',
    'GET /assets/..%2f..%2fpackage.json HTTP/1.1',
    'GET ? HTTP/1.1',
    'GET http:// HTTP/1.1',
    'POST /workflows/orders/start HTTP/1.1',
    `GET /${'a'.repeat(20_000)} HTTP/1.1`,
  ],
];
const HEADERS = [
  ...[
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Content-Length: 5, 6',
    'Content-Length: 0x5',
    'Content-Length: 10000000',
    'Content-Length:',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: x',
    'Connection: close',
    'Connection: upgrade',
    'Upgrade: websocket',
    'Upgrade: h2c',
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Version: 13',
  ],
  ...[
    'Host: ',
    'Host: a\r\nHost: b',
    'Expect: 100-continue',
    'Expect: nonsense',
    ': x',
    'a b: c',
    'X: \u0000',
    'X: \u00ff\u00fe',
    ' folded: x',
    `X: ${'y'.repeat(20_000)}`,
    'Cookie: stepwell=\u00e9',
    'Content-Type: application/json',
    'X-Stepwell-CSRF: 1',
  ],
  ...[Array.from({ length: 2_100 }, (_, index) => `H${index}: 1`).join('\r\n')],
];
const BODIES = [
  '',
  '{}',
  '{"query": "{ __typename }"}',
  '5\r\nhello\r\n0\r\n\r\n',
  'ZZZ\r\n',
  'ffffffffffffffff\r\n',
  '5\r\nhel',
  '0\r\nTrailer: x\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  '\r\n\r\n\r\n',
];

const RIGHT = [
  'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'HEAD / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n',
  'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n19\r\n{"query":"{ __typename }"}\r\n0\r\n\r\n',
];

const inputs: fc.Arbitrary<Bytes> = fc.oneof(
  // Right ones too, at once or in a row.
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(...RIGHT), { minLength: 1, maxLength: 3 }).map((requests) => ({ text: requests.join('') })),
  },
  {
    weight: 8,
    arbitrary: fc
      .record({
        line: fc.constantFrom(...LINES),
        headers: fc.array(fc.constantFrom(...HEADERS), { maxLength: 5 }),
        host: fc.nat(5),
        body: fc.constantFrom(...BODIES),
        end: fc.constantFrom('\r\n\r\n', '\r\n\r\n', '\r\n\r\n', '\n\n', '\r\r', '\r\n', ''),
      })
      .map(({ line, headers, host, body, end }) => ({
        text: [line, ...(host === 0 ? [] : ['Host: stepwell.test']), ...headers].join('\r\n') + end + body,
      })),
  },
  { weight: 1, arbitrary: fc.array(fc.nat(255), { maxLength: 200 }).map((bytes) => ({ text: String.fromCharCode(...bytes) })) },
  {
    weight: 1,
    arbitrary: hostileText.map((text) => ({ text: `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\n\r\n${text}` })),
  },
);

export function framingEdge(house: House): Edge<Bytes> {
  return {
    ...{ name: 'HTTP framing', share: 5, together: 16, inputs },
    attempt: async ({ text }) => {
      const { answer, isOver } = await exchange(house.ready.url, Buffer.from(text, 'latin1'));
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
      return {
        accepted: status >= 200 && status < 400,
        faults: [
          ...(isOver ? [] : ['The server neither answered nor hung up.']),
          ...(status >= 500 ? [`Answered with ${answer.slice(0, 200)}`] : []),
          ...leaks(answer),
        ],
        answer: status === 0 ? 'hung up' : `HTTP ${status}`,
      };
    },
  };
}

/** Sends all, says that there is no more, and listens until the server hangs up. */
function exchange(url: string, bytes: Uint8Array): Promise<{ answer: string; isOver: boolean }> {
  return new Promise((resolve) => {
    let answer = '';
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.end(bytes));
    const over = (isOver: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ answer, isOver });
    };
    const timer = setTimeout(() => over(false), PATIENCE_MS);
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.once('error', () => over(true));
    socket.once('close', () => over(true));
  });
}
