/**
 * Every route of the application's router, whatever it is, with parameters, queries, headers and bodies that fit and that do not: REST,
 * webhooks with and without a good signature, pages, links of messages. Uploads are in uploads.edge.ts.
 */
import fc from 'fast-check';
import { ERRORS } from '@stepwell/contracts';
import type { Edge, Outcome } from '../edge.js';
import { type Answer, EVERYBODY, faultsOf, type House, type Who } from '../house.js';
import type { Route } from '../server-process.js';
import { hostile, hostileText, jsonText, mutated } from '../values.js';

interface Ask {
  readonly who: Who;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Goes with every sign-in that is tried: the log may not have it. */
export const PASSWORD = 'fuzz-password-that-nobody-logs';

const BODIES: readonly unknown[] = [
  ...[
    { input: { id: 'x', quantity: 1 } },
    { input: { id: 'x', quantity: 1 }, idempotencyKey: 'again' },
    { payload: { id: 'x', quantity: 2 } },
  ],
  ...[
    { result: { ok: true } },
    { result: 1 },
    { error: 'nobody at home' },
    { name: 'admin', password: PASSWORD },
    { role: 'reviewer' },
    {},
  ],
];

/** Ends the session of whoever asks. */
const ENDS_SESSION = /^\/auth\//;

export function restEdge(house: House): Edge<Ask> {
  return {
    ...{ name: 'REST, pages, links', share: 14, together: 8, inputs: asks(house) },
    attempt: async ({ who, method, path, headers, body }) => {
      const identity =
        ENDS_SESSION.test(path) && who !== 'nobody' && who !== 'key'
          ? { cookie: `stepwell=${house.resolved('@{spare}')}` }
          : house.headersOf(who);
      const asked = house.resolved(path);
      return judgedRest(house, await house.send({ method, path, headers: { ...identity, ...headers }, body }), asked);
    },
  };
}

/** A signature that is right, and a body that may not be. */
export function webhooksEdge(house: House): Edge<Omit<Ask, 'who'>> {
  const inputs = fc.record({
    ...{ method: fc.constantFrom('POST', 'POST', 'POST', 'POST', 'GET', 'PUT') },
    path: fc.oneof(
      { weight: 8, arbitrary: fc.constant('@{callback}') },
      fc.constantFrom(
        '@{callback}x',
        '@{callback}&signature=a',
        '/async-results/@{asyncResult}',
        '/async-results/@{asyncResult}?signature=@{link}',
        '/unsubscribe/@{unsubscribe}',
        '/unsubscribe/@{unsubscribe}x',
      ),
    ),
    headers,
    body: fc
      .oneof({ weight: 3, arbitrary: fc.constantFrom({ result: 1 }, { error: 'no' }).chain(mutated) }, { weight: 1, arbitrary: hostile })
      .map(jsonText),
  });
  return {
    ...{ name: 'webhooks', share: 5, together: 4, inputs },
    attempt: async (ask) => {
      const outcome = judgedRest(house, await house.send(ask));
      // It was settled, now or before: the next ones need another that waits.
      if (outcome.answer === 'HTTP 204' || outcome.answer === 'HTTP 409') await house.awaitResult();
      return outcome;
    },
  };
}

/** @param path that was asked */
export function judgedRest(house: House, answer: Answer, path = ''): Outcome {
  const faults = faultsOf(answer);
  const body = parsed(answer.text);
  const { code, runId, eventId } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof code === 'string' && answer.status >= 400 && !(code in ERRORS))
    faults.push(`A refusal with the code ${code}: ${answer.text.slice(0, 300)}`);
  if (answer.status < 300) {
    const { acknowledged } = house;
    acknowledged.row('runs', runId);
    acknowledged.row('events', eventId);
    const [, kind, name = ''] = /^\/(workflows|events)\/([\w.-]+)(?:\/start)?(?:\?|$)/.exec(path) ?? [];
    if (kind === 'workflows' && typeof runId === 'string') acknowledged.operation('start', { workflow: name }, { runId });
    if (kind === 'events' && typeof eventId === 'string') acknowledged.operation('emit', { name, mayBeRefused: true }, { eventId });
    if (Array.isArray(body)) for (const { id } of body as { id?: unknown }[]) acknowledged.row('documents', id);
  }
  return { accepted: answer.status < 400, faults, answer: `HTTP ${answer.status}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes of UTF-8, those of half a character too. */
const encoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => (/[\w.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`))
    .join('');

const segment = fc.oneof(
  { weight: 6, arbitrary: hostileText.filter(({ length }) => length < 3_000).map(encoded) },
  { weight: 2, arbitrary: fc.constantFrom('%', '%E0%A4%A', '%ff', '%2e%2e%2f', '%00', '..', '.', '', ';', '%2F', '%5c', '~', '*') },
);

const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .record({
    'content-type': fc.oneof(
      { weight: 9, arbitrary: fc.constant('application/json') },
      fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/json; charset=utf-16'),
    ),
    'x-stepwell-csrf': fc.oneof({ weight: 9, arbitrary: fc.constant<string | undefined>('1') }, fc.constantFrom('', undefined)),
    'idempotency-key': maybe('again', 'x'.repeat(300), '__proto__', ' ', 'caf\u00e9'),
    origin: maybe('https://evil.example', 'null', 'http://[', 'chrome-extension://x'),
    cookie: maybe('stepwell=%E0%A4%A', 'stepwell=', 'stepwell=x'.repeat(100), '=;;=', 'stepwell="a b"'),
    authorization: maybe('Bearer', 'Bearer stepwell_x.y', 'Bearer stepwell_.', 'Basic OjpiOg==', 'bearer \u00ff'),
    accept: maybe('text/html', '*/*;q=x', 'application/json;q=0'),
    range: maybe('bytes=0-0', 'bytes=-1', 'bytes=5-2,', 'lines=1'),
    'if-modified-since': maybe('never', 'Thu, 01 Jan 1970 00:00:00 GMT'),
    'x-forwarded-for': maybe('::1', 'a, b', '0'),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)));

function maybe(...values: readonly string[]): fc.Arbitrary<string | undefined> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...values) });
}

function asks(house: House): fc.Arbitrary<Ask> {
  const known = [
    ...house.names.map((name) => `@{${name}}`),
    'orders',
    'orders',
    'failing',
    'order.received',
    'order.received',
    'tasks',
    'reviewers',
    'screens',
    'days',
  ];
  const parameter = fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: segment });
  const query = fc
    .array(
      fc.tuple(
        fc.constantFrom(
          'zone',
          'days',
          'from',
          'to',
          'workflow',
          'screen',
          'reviewer',
          'bom',
          'signature',
          'tab',
          '__proto__[a]',
          'zone[]',
          'x',
        ),
        fc.oneof(segment, fc.constantFrom('UTC', '7', '2026-11-01')),
      ),
      { maxLength: 3 },
    )
    .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`));
  const body = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .constantFrom(...BODIES)
        .chain(mutated)
        .map(jsonText),
    },
    { weight: 1, arbitrary: hostile.map(jsonText) },
    { weight: 1, arbitrary: hostileText },
  );
  const one = ({ method, path }: Route) =>
    fc
      .record({
        ...{
          who: fc.constantFrom(...EVERYBODY, 'admin' as const, 'operator' as const),
          headers,
          body,
          query,
          values: fc.array(parameter, { minLength: 4, maxLength: 4 }),
        },
        method: fc.oneof({ weight: 9, arbitrary: fc.constant(method) }, fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS')),
      })
      .map(({ who, headers, body, query, values, method: chosen }) => {
        let next = 0;
        const filled = path.replace(/\{?\/?\*\w+\}?|:\w+/g, (part) => `${part.includes('/') ? '/' : ''}${values[next++ % values.length]}`);
        return {
          who,
          method: chosen,
          headers,
          path: `${filled.startsWith('/') ? '' : '/'}${filled}${query}`,
          body: chosen === 'GET' || chosen === 'HEAD' ? undefined : body,
        };
      });
  const routes = house.ready.routes.filter(({ path }) => path !== '/graphql');
  return fc.oneof(...routes.map(one));
}
