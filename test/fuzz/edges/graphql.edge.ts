/**
 * Every query, mutation and subscription of the schema, called by everybody: with what the tenants' test knows to be right and then made
 * wrong in places, or with values made from the types alone; as variables, or written into the document.
 */
import fc from 'fast-check';
import { ERRORS } from '@stepwell/contracts';
import {
  buildSchema,
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { MUTATIONS, QUERIES } from '../../tenants/calls.js';
import type { Seed } from '../../tenants/seed.js';
import { selectionsOf } from '../../tenants/selections.js';
import type { Payload } from '../acknowledged.js';
import type { Edge, Outcome } from '../edge.js';
import { type Answer, EVERYBODY, faultsOf, type House, type Who } from '../house.js';
import { hostile, hostileNumber, hostileText, jsonText, mutated } from '../values.js';

interface Call {
  readonly who: Who;
  readonly body: string;
  /** Of the answer that says that it was done. */
  readonly operation: string;
  /** Its arguments, as text. */
  readonly given: string;
}

/** Of Apollo and ours, about a request that is no operation. */
const ABOUT_REQUEST: ReadonlySet<string> = new Set([
  ...['GRAPHQL_INVALID', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST'],
  ...['OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED'],
]);

export function graphqlEdge(house: House): Edge<Call> {
  return {
    ...{ name: 'GraphQL operations', share: 48, together: 8, inputs: calls(house) },
    attempt: async ({ who, body, operation, given }) => {
      // As what is sent now: its names stand for other things soon.
      const asked = { operation, given: house.resolved(given) };
      const answer = await house.send({
        ...{ method: 'POST', path: '/graphql', body },
        headers: { ...house.headersOf(who), 'content-type': 'application/json', 'x-stepwell-csrf': '1' },
      });
      return judged(house, answer, asked);
    },
  };
}

/** Of an answer that is looked at for what it must not be alone. */
const NOBODY = { operation: '', given: '' };

/** What was said to a request of GraphQL, however it came. */
export function judged(house: House, answer: Answer, { operation, given }: { operation: string; given: string } = NOBODY): Outcome {
  // What a step of an author threw is a field of its attempts, for those who may see the run.
  const faults = faultsOf({ ...answer, text: answer.text.replace(/"stack":"(?:[^"\\]|\\.)*"/g, '') });
  const parsed = json(answer.text);
  const codes = [parsed].flat().flatMap((one) => [...codesOf(one?.['errors']), ...codesOf(Object.values(one?.['data'] ?? {}).flatMap((payload) => (payload as { errors?: unknown } | null)?.errors ?? []))]); // prettier-ignore
  for (const code of codes) {
    const entry = code in ERRORS ? ERRORS[code as keyof typeof ERRORS] : undefined;
    if (entry ? entry.http >= 500 : !ABOUT_REQUEST.has(code)) faults.push(`A refusal with the code ${code}: ${answer.text.slice(0, 400)}`);
  }
  const accepted = answer.status === 200 && codes.length === 0 && parsed?.['data'] !== undefined;
  const payload = parsed?.['data']?.[operation] as Payload | null | undefined;
  if (accepted && payload) house.acknowledged.mutation(operation, json(Buffer.from(given).toString()) ?? {}, payload);
  return { accepted, faults, answer: codes[0] ?? `HTTP ${answer.status}` };
}

function json(text: string): Record<string, Record<string, unknown> | undefined> | undefined {
  try {
    return JSON.parse(text) as Record<string, Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function codesOf(errors: unknown): string[] {
  return (Array.isArray(errors) ? errors : []).map(
    ({ code, extensions }: { code?: string; extensions?: { code?: string } }) => code ?? extensions?.code ?? 'none',
  );
}

function calls(house: House): fc.Arbitrary<Call> {
  const schema = buildSchema(house.ready.schema);
  const symbols = Object.fromEntries(house.names.map((name) => [name, `@{${name}}`])) as unknown as Seed;
  const one = (type: 'query' | 'mutation' | 'subscription', root: GraphQLObjectType | null | undefined) =>
    Object.values(root?.getFields() ?? {}).map((field) => {
      const ways = ({ ...QUERIES, ...MUTATIONS }[field.name]?.ways(symbols) ?? [{}]) as Record<string, unknown>[];
      const selections =
        type === 'mutation'
          ? mutationSelections(schema.getType(getNamedType(field.type).name) as GraphQLObjectType)
          : selectionsOf(schema, getNamedType(field.type));
      const right = fc.constantFrom(...ways).chain(mutated);
      const needed = field.args.filter((argument) => isRequiredArgument(argument)).map(({ name }) => name);
      const made = fc.record(Object.fromEntries(field.args.map(({ name, type: of }) => [name, ofType(of)])), { requiredKeys: needed });
      const variables = fc.oneof({ weight: 3, arbitrary: right }, { weight: 2, arbitrary: made });
      return fc
        .record({ who: everybody, variables, selection: fc.constantFrom(...selections), isInline: fc.nat(4).map((chance) => chance === 0) })
        .map(({ who, variables, selection, isInline }) => ({
          who,
          operation: field.name,
          given: jsonText(variables),
          body: bodyOf(type, field.name, field.args, variables, selection, isInline),
        }));
    });
  return fc.oneof(
    ...one('query', schema.getQueryType()),
    ...one('mutation', schema.getMutationType()),
    ...one('mutation', schema.getMutationType()),
    ...one('subscription', schema.getSubscriptionType()),
  );
}

const everybody = fc.constantFrom(...EVERYBODY, 'admin' as const, 'admin' as const, 'operator' as const);

/** What became of it, and the errors by field; deeper selections are the queries' business. */
function mutationSelections(payload: GraphQLObjectType): string[] {
  const fields = payload.getFields();
  const parts = [
    ...('errors' in fields ? ['errors { __typename code message path }'] : []),
    ...('run' in fields ? ['run { id status }'] : []),
    ...['event', 'comment', 'apiKey'].flatMap((thing) => (thing in fields ? [`${thing} { id }`] : [])),
    ...('task' in fields ? ['task { id status version draftVersion }'] : []),
  ];
  return [`{ __typename ${parts.join(' ')} }`];
}

function bodyOf(
  type: string,
  name: string,
  args: readonly GraphQLArgument[],
  variables: unknown,
  selection: string,
  isInline: boolean,
): string {
  const given = Object.entries(typeof variables === 'object' && variables !== null && !Array.isArray(variables) ? variables : {}).filter(
    ([key]) => args.some((argument) => argument.name === key),
  );
  if (isInline) {
    const literals = given.map(([key, value]) => `${key}: ${literal(value, args.find((argument) => argument.name === key)?.type)}`);
    return jsonText({ query: `${type} { ${name}${literals.length > 0 ? `(${literals.join(', ')})` : ''} ${selection} }` });
  }
  const declared = given.map(([key]) => `$${key}: ${String(args.find((argument) => argument.name === key)?.type)}`);
  const passed = given.map(([key]) => `${key}: $${key}`);
  const query = `${type}${declared.length > 0 ? ` (${declared.join(', ')})` : ''} { ${name}${passed.length > 0 ? `(${passed.join(', ')})` : ''} ${selection} }`;
  return jsonText({ query, variables });
}

/** As it stands in a document. */
function literal(value: unknown, type?: GraphQLInputType): string {
  if (typeof value === 'string') {
    if (type && isEnumType(getNamedType(type)) && /^[a-z]\w*$/i.test(value)) return value;
    return jsonText(value);
  }
  if (Array.isArray(value))
    return `[${value
      .slice(0, 300)
      .map((item) => literal(item, type))
      .join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = type ? (getNamedType(type) as { getFields?: () => Record<string, { type: GraphQLInputType }> }).getFields?.() : undefined;
  const entries = Object.entries(value)
    .filter(([key]) => /^[_A-Za-z]\w*$/.test(key))
    .slice(0, 300);
  return `{${entries.map(([key, of]) => `${key}: ${literal(of, fields?.[key]?.type)}`).join(', ')}}`;
}

/** Of the type four times out of five, so that most come as far as the services. */
function ofType(type: GraphQLInputType): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: fitting(type, 0) },
    { weight: 2, arbitrary: hostile },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

function fitting(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return fitting(type.ofType, depth);
  if (isListType(type)) return fc.array(fitting(type.ofType, depth + 1), { maxLength: depth > 1 ? 1 : 5 });
  if (isInputObjectType(type))
    return fc.record(Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, fitting(field.type, depth + 1)])), {
      requiredKeys: Object.values(type.getFields())
        .filter((field) => isRequiredInputField(field))
        .map(({ name }) => name),
    });
  if (isEnumType(type))
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...type.getValues().map(({ name }) => name)) }, hostileText);
  switch (type.name) {
    case 'Boolean':
      return fc.boolean();
    case 'Int':
      return fc.oneof(fc.constantFrom(0, 1, 2, 3, 20, 100, -1, 2 ** 31 - 1, -(2 ** 31)), hostileNumber);
    case 'Float':
      return hostileNumber;
    case 'JSON':
      return hostile;
    case 'DateTime':
      return fc.oneof(
        fc.constantFrom('2026-11-01T00:00:00Z', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z'),
        hostileText,
      );
    default:
      return fc.oneof(
        hostileText,
        fc.constantFrom('@{task}', '@{run}', '@{failed}', '@{asking}', 'orders', 'order.received', '1d', 'UTC', 'intake'),
      );
  }
}
