/**
 * Nothing of one tenant can be read or changed by another: every query and mutation of the schema, called by the admin of one with what
 * belongs to the other. An id of the other's must be answered word for word as an id of nothing; no answer may hold an id or a text of
 * the other's, wherever the schema leads; and no row of the other's may have changed. In the end its owner makes the same calls and is
 * answered otherwise, so none of them was too wrong to succeed.
 */
import { randomUUID } from 'node:crypto';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { getNamedType, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { type ApiApp, type ApiAnswer, type ApiUser, startApiApp } from '../server/api-app.js';
import { type Call, MUTATIONS, QUERIES } from './calls.js';
import { rowsOf, type Seed, seedTenant } from './seed.js';
import { halvesOf, selectionsOf } from './selections.js';

type Operation = 'query' | 'mutation';
type Way = Readonly<Record<string, unknown>>;
/** With what to call, and what to select from the answer. */
type Pair = readonly [Way, string];

/** Tables without a row when nothing is under way; what only they would hold, no field shows. */
const EMPTY_AT_REST = [
  ...['audit_log', 'blobs', 'dispatches', 'event_waits', 'inbox', 'notice_causes', 'outbox', 'permits', 'run_session_changes'],
  ...['strike_followup.closed_cases', 'strike_review.filed_strikes'],
];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[\w-]+)?$/;
const MARK = 'secret-of-acme';
/** Only to see which arguments a call has. */
const NO_SEED: Seed = {
  mark: '',
  run: '',
  person: '',
  task: '',
  comment: '',
  failed: '',
  parked: '',
  asking: '',
  asyncResult: '',
  apiKey: '',
  session: '',
  view: '',
  document: '',
  notification: '',
  link: '',
  startKey: '',
  eventKey: '',
  event: '',
  emitted: '',
  checkpoint: '',
  runsCursor: '',
  inboxCursor: '',
  eventsCursor: '',
};
/** Calls of one request: twenty writes are too many. */
const TOGETHER = 8;

describe('two tenants', () => {
  let api: ApiApp;
  let [stranger, owner]: ApiUser[] = [];
  let theirs: Seed;
  let secrets: readonly string[];
  let before: ReadonlyMap<string, readonly unknown[]>;
  beforeAll(async () => {
    api = await startApiApp({ tenants: ['default', 'acme'] });
    [stranger, owner] = [await api.as('admin'), await api.as('admin', 'acme')];
    await seedTenant(api, stranger, 'default', 'mine');
    theirs = await seedTenant(api, owner, 'acme', MARK);
    before = await rowsOf(api.database, 'acme');
    const own = new Set(textsOf([...(await rowsOf(api.database, 'default')).values()]));
    secrets = [...new Set(textsOf([...before.values()]))].filter((text) => (UUID.test(text) || text.includes(MARK)) && !own.has(text));
  });
  afterAll(() => api.close());

  const root = (operation: Operation): GraphQLObjectType => {
    const { schema } = api.app.get(GraphQLSchemaHost);
    const type = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    if (!type) throw new Error(`The schema has no ${operation}.`);
    return type;
  };
  const fieldOf = (operation: Operation, name: string): GraphQLField<unknown, unknown> => {
    const field = root(operation).getFields()[name];
    if (!field) throw new Error(`The schema has no ${operation} "${name}" any more: take its entry out of calls.ts.`);
    return field;
  };
  const allOf = (field: GraphQLField<unknown, unknown>): readonly string[] =>
    selectionsOf(api.app.get(GraphQLSchemaHost).schema, getNamedType(field.type));

  /** Makes a call for each pair, some in each request. @returns the answers as text, each with what it was sent taken out */
  async function ask(who: ApiUser, operation: Operation, name: string, pairs: readonly Pair[]): Promise<string[]> {
    const answers: string[] = [];
    for (let from = 0; from < pairs.length; from += TOGETHER)
      answers.push(...(await askTogether(who, operation, name, pairs.slice(from, from + TOGETHER))));
    return answers;
  }

  async function askTogether(who: ApiUser, operation: Operation, name: string, pairs: readonly Pair[]): Promise<string[]> {
    const types = new Map(fieldOf(operation, name).args.map((argument) => [argument.name, String(argument.type)]));
    const declared = pairs.flatMap(([way], index) => Object.keys(way).map((argument) => `$${argument}${index}: ${types.get(argument)}`));
    const calls = pairs.map(([way, selection], index) => {
      const given = Object.keys(way).map((argument) => `${argument}: $${argument}${index}`);
      return `c${index}: ${name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${selection}`;
    });
    const variables = Object.fromEntries(
      pairs.flatMap(([way], index) => Object.entries(way).map(([argument, value]) => [`${argument}${index}`, value])),
    );
    const text = `${operation}${declared.length > 0 ? ` (${declared.join(', ')})` : ''} { ${calls.join('\n')} }`;
    const { data, errors = [] }: ApiAnswer = await who.ask(text, variables);
    if (errors[0]?.extensions.code === 'QUERY_TOO_COSTLY' && pairs.length > 1) {
      const half = Math.ceil(pairs.length / 2);
      return [
        ...(await askTogether(who, operation, name, pairs.slice(0, half))),
        ...(await askTogether(who, operation, name, pairs.slice(half))),
      ];
    }
    const [only] = pairs;
    // In lists within lists it is too dear for anybody; of a task, a run and the inbox it is asked for.
    if (errors[0]?.extensions.code === 'QUERY_TOO_COSTLY' && /\{ (refusal|seals) \{/.test(only?.[1] ?? '')) return [''];
    const parts = only && errors[0]?.extensions.code === 'QUERY_TOO_COSTLY' ? halvesOf(only[1]) : [];
    if (only && parts.length > 0) {
      const told: string[] = [];
      for (const part of parts) told.push(...(await askTogether(who, operation, name, [[only[0], part]])));
      return [told.join('\n')];
    }
    if (data === undefined || data === null) throw new Error(`${text}\n${JSON.stringify(errors)}`);
    return pairs.map(([way], index) => {
      const told = errors.filter(({ path }) => path?.[0] === `c${index}`).map(({ message }) => message);
      return without(JSON.stringify([data[`c${index}`], told]), way);
    });
  }
  const leaked = (answers: readonly string[]): string[] => secrets.filter((secret) => answers.some((answer) => answer.includes(secret)));
  const takesId = (operation: Operation, name: string): boolean => fieldOf(operation, name).args.some((argument) => argument.name === 'id');
  const cases: [Operation, string, Call][] = [
    ...Object.entries(QUERIES).map(([name, call]): [Operation, string, Call] => ['query', name, call]),
    ...Object.entries(MUTATIONS).map(([name, call]): [Operation, string, Call] => ['mutation', name, call]),
  ];
  const people = (): { stranger: ApiUser; owner: ApiUser } => {
    if (!stranger || !owner) throw new Error('Nobody is signed in.');
    return { stranger, owner };
  };

  it.each([
    ['query', QUERIES],
    ['mutation', MUTATIONS],
  ] as const)('every %s of the schema is called below; a new one needs an entry in calls.ts', (operation, entries) => {
    expect(Object.keys(entries).sort()).toEqual(Object.keys(root(operation).getFields()).sort());
  });

  it('have something of everything to hide', () => {
    const empty = [...before].filter(([, rows]) => rows.length === 0).map(([table]) => table);
    expect(empty).toEqual(EMPTY_AT_REST);
    expect(secrets.length).toBeGreaterThan(30);
    expect(secrets).toEqual(expect.arrayContaining([theirs.run, theirs.task, theirs.asyncResult, theirs.startKey, theirs.eventKey]));
  });

  it.each(cases)('%s %s shows a stranger nothing', async (operation, name, { ways }) => {
    const selections = allOf(fieldOf(operation, name));
    const pairs = ways(theirs).flatMap((way) => selections.map((selection): Pair => [way, selection]));
    const answers = await ask(people().stranger, operation, name, pairs);
    expect(leaked(answers)).toEqual([]);
    if (!takesId(operation, name)) return;
    const nobody = randomUUID();
    expect(answers).toEqual(
      await ask(
        people().stranger,
        operation,
        name,
        pairs.map(([way, selection]) => [{ ...way, id: nobody }, selection]),
      ),
    );
  });

  it.each(cases.filter(([, , { ways }]) => 'id' in (ways(NO_SEED)[0] ?? {})))(
    '%s %s knows no id of another tenant, whatever it is the id of',
    async (operation, name, { ways }) => {
      const [way = {}] = ways(theirs);
      const leaves = operation === 'mutation' ? '{ errors { __typename code message } }' : '{ __typename }';
      const ids = secrets.filter((secret) => UUID.test(secret));
      const answers = await ask(
        people().stranger,
        operation,
        name,
        ids.map((id) => [{ ...way, id }, leaves]),
      );
      expect(new Set(answers).size).toBe(1);
    },
  );

  it('GET /documents/:id knows a document of its own tenant only', async () => {
    const get = async (who: ApiUser, id: string) => {
      const { status, text } = await api.client().get(`/documents/${id}`).set('cookie', who.cookie);
      return [status, text.replace(id, '<sent>')] as const;
    };
    const { stranger, owner } = people();
    expect(await get(stranger, theirs.document)).toEqual(await get(stranger, randomUUID()));
    expect(await get(owner, theirs.document)).toEqual([200, `${MARK} report`]);
  });

  it('of which one has done all that, find every row of the other as it was', async () => {
    expect(Object.fromEntries(await rowsOf(api.database, 'acme'))).toEqual(Object.fromEntries(before));
  });

  it.each(cases.filter(([, , { showsNothing }]) => showsNothing === undefined))(
    '%s %s, called by its owner in the same words, is answered otherwise',
    async (operation, name, { ways }) => {
      const pairs = ways(theirs).flatMap((way) => allOf(fieldOf(operation, name)).map((selection): Pair => [way, selection]));
      const answers = await ask(people().owner, operation, name, pairs);
      if (!takesId(operation, name)) return expect(leaked(answers)).not.toEqual([]);
      const nobody = randomUUID();
      const refused = await ask(
        people().stranger,
        operation,
        name,
        pairs.map(([way, selection]) => [{ ...way, id: nobody }, selection]),
      );
      expect(answers).not.toEqual(refused);
    },
  );
});

/** Also the ids of a list of things. */
function without(text: string, way: Way): string {
  return Object.values(way)
    .flat()
    .map((value) => (typeof value === 'object' && value !== null && 'id' in value ? value.id : value))
    .reduce<string>((rest, value) => (typeof value === 'string' ? rest.replaceAll(value, '<sent>') : rest), text);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
