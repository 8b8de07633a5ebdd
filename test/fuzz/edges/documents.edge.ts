/** What a body of GraphQL may be that is no operation: malformed, endless, nested, repeated, in another encoding or of another type. */
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Edge } from '../edge.js';
import { EVERYBODY, type House, type Who } from '../house.js';
import { hostile, hostileText, jsonText } from '../values.js';
import { judged } from './graphql.edge.js';

interface Body {
  readonly who: Who;
  readonly method: string;
  readonly query: string;
  readonly contentType: string;
  readonly encoding: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const many = (times: number, part: (index: number) => string): string => Array.from({ length: times }, (_, index) => part(index)).join(' ');

const DOCUMENTS: readonly string[] = [
  ...['{ __typename }', '{ viewer { name } }', '{ workflows { name } }', 'query A { __typename }'],
  ...[
    '',
    ' ',
    '{',
    '}',
    '{}',
    '{ viewer }',
    '{ viewer { id } ',
    'query',
    'query {',
    '"""',
    '#',
    '{ __typename }',
    '{ viewer { name } } # \0',
    '\ufeff{ __typename }',
  ],
  ...[
    'subscription { runsChanged { __typename } }',
    'mutation { startRun }',
    'fragment A on Run { id }',
    'type Query { a: Int }',
    'extend type Query { a: Int }',
  ],
  'query A { __typename } query B { __typename }',
  'query A { __typename } query A { __typename }',
  '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
  '{ ...A } fragment A on Query { ...A }',
  '{ ...Nobody }',
  '{ viewer { __typename @include(if: "x") @skip(if: null) @deprecated @nobody } }',
  `{ __typename ${many(50, () => '@include(if: true)')} }`,
  'query ($a: Int = "x", $a: [Nobody!]! = {}) { runs(first: $a, after: $b) { __typename } }',
  '{ runs(first: 99999999999999999999) { __typename } }',
  '{ runs(first: 1e400) { __typename } }',
  '{ task(id: 1.5) { id } run(id: {a: 1}) { id } workflow(name: ["x"]) { name } }',
  '{ a: runs(first: 100) { edges { node { a: steps { attempts { __typename } } } } } }',
  '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
  '{ __type(name: "Run") { name } }',
  `{ ${many(3_000, (index) => `a${index}: __typename`)} }`,
  `{ ${many(300, (index) => `a${index}: runs(first: 100) { edges { node { id } } }`)} }`,
  `mutation { ${many(100, (index) => `a${index}: startRun(workflow: "orders") { __typename }`)} }`,
  `{ ${'runs(first: 1) { edges { node { '.repeat(60)} id ${'} } }'.repeat(60)} }`,
  '{ '.repeat(4_000),
  `{ viewer { ${'... on Viewer { '.repeat(2_000)} name ${'} '.repeat(2_000)} } }`,
  `{ ...A0 } ${many(200, (index) => `fragment A${index} on Query { ...A${index + 1} ...A${index + 1} }`)} fragment A200 on Query { __typename }`,
  `{ workflow(name: ${'['.repeat(2_000)}) { name } }`,
  `{ workflow(name: "${'x'.repeat(900_000)}") { name } }`,
  `mutation { startRun(workflow: "orders", input: ${'{a: '.repeat(1_200)}1${'}'.repeat(1_200)}) { errors { code } } }`,
  `query (${many(1_000, (index) => `$v${index}: Int`)}) { __typename }`,
];

const document = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...DOCUMENTS) },
  {
    weight: 3,
    arbitrary: fc
      .record({ text: fc.constantFrom(...DOCUMENTS.filter(({ length }) => length < 2_000)), at: fc.nat(), by: hostileText, cut: fc.nat(8) })
      .map(({ text, at, by, cut }) => {
        const place = text.length === 0 ? 0 : at % text.length;
        return text.slice(0, place) + by + text.slice(place + cut);
      }),
  },
);

const seldom = fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: hostile });
const request = fc.record({
  query: fc.oneof({ weight: 12, arbitrary: document }, { weight: 1, arbitrary: hostile }),
  variables: seldom,
  operationName: seldom,
  extensions: seldom,
});
const body = fc.oneof(
  { weight: 12, arbitrary: request.map(jsonText) },
  { weight: 1, arbitrary: fc.array(request, { maxLength: 30 }).map(jsonText) },
  { weight: 2, arbitrary: hostile.map(jsonText) },
  { weight: 2, arbitrary: hostileText },
  { weight: 1, arbitrary: request.map((one) => jsonText(one).slice(0, -2)) },
  { weight: 1, arbitrary: request.map((one) => `{"query": "{ __typename }", "query": 1, ${jsonText(one).slice(1)}`) },
);

const CONTENT_TYPES = ['application/json; charset=utf-8', 'application/json; charset=utf-16', 'application/json; charset=utf-7', 'application/json;charset="', 'application/graphql', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'multipart/form-data', 'application/JSON', 'json', '', 'application/json, text/plain', '*/*']; // prettier-ignore
const EXTRA: readonly Readonly<Record<string, string>>[] = [
  ...[
    { accept: 'text/html' },
    { accept: 'multipart/mixed; deferSpec=20220824' },
    { accept: 'nonsense' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ],
  ...[
    { 'apollo-require-preflight': '1' },
    { 'sec-fetch-site': 'cross-site' },
    { cookie: 'stepwell=%E0%A4%A' },
    { authorization: 'Bearer stepwell_@@.x' },
    { authorization: 'Basic YTpi' },
  ],
  ...[
    { 'x-forwarded-for': '::1, "' },
    { 'if-none-match': '*' },
    { range: 'bytes=0-0,5-' },
    { expect: '100-continue' },
    { host: 'a b' },
    { 'accept-language': '*;q=x' },
  ],
];

const bodies: fc.Arbitrary<Body> = fc.record({
  who: fc.constantFrom(...EVERYBODY, 'admin' as const, 'admin' as const),
  method: fc.oneof(
    { weight: 30, arbitrary: fc.constant('POST') },
    fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'),
  ),
  query: fc.oneof(
    { weight: 15, arbitrary: fc.constant('') },
    fc.constantFrom(
      '?query={__typename}',
      '?query=%7B__typename%7D&variables=%7B',
      '?query=mutation%7BstartRun%7D',
      '?extensions=%7B%22persistedQuery%22%3A1%7D',
      '?query[]=a&query[b]=c',
      '?%',
      '?__proto__[a]=1',
    ),
  ),
  contentType: fc.oneof({ weight: 20, arbitrary: fc.constant('application/json') }, fc.constantFrom(...CONTENT_TYPES)),
  encoding: fc.oneof(
    { weight: 12, arbitrary: fc.constant('') },
    fc.constantFrom('gzip', 'deflate', 'gzip-bomb', 'gzip-cut', 'false-gzip', 'br', 'nonsense', 'gzip, gzip'),
  ),
  body,
  headers: fc.oneof({ weight: 8, arbitrary: fc.constant({ 'x-stepwell-csrf': '1' }) }, fc.constantFrom({}, ...EXTRA)),
});

/** A hundred megabytes of nothing, in a hundred kilobytes. */
const BOMB = gzipSync(Buffer.alloc(100_000_000, ' '));

export function documentsEdge(house: House): Edge<Body> {
  return {
    ...{ name: 'GraphQL bodies', share: 14, together: 8, inputs: bodies },
    attempt: async ({ who, method, query, contentType, encoding, body, headers }) => {
      const encoded = encodedAs(encoding, house.resolved(body));
      const answer = await house.send({
        ...{ method, path: `/graphql${query}` },
        ...(method === 'GET' || method === 'HEAD' ? {} : { body: encoded.content }),
        headers: {
          ...house.headersOf(who),
          ...(contentType === '' ? {} : { 'content-type': contentType }),
          ...encoded.headers,
          ...headers,
        },
      });
      return judged(house, answer);
    },
  };
}

function encodedAs(encoding: string, text: string): { readonly content: Uint8Array; readonly headers: Readonly<Record<string, string>> } {
  const plain = Buffer.from(text);
  if (encoding === '') return { content: plain, headers: {} };
  if (encoding === 'gzip-bomb') return { content: BOMB, headers: { 'content-encoding': 'gzip' } };
  if (encoding === 'gzip-cut') return { content: gzipSync(plain).subarray(0, 15), headers: { 'content-encoding': 'gzip' } };
  if (encoding === 'false-gzip') return { content: plain, headers: { 'content-encoding': 'gzip' } };
  const content = encoding === 'gzip' ? gzipSync(plain) : encoding === 'deflate' ? deflateSync(plain) : plain;
  return { content, headers: { 'content-encoding': encoding } };
}
