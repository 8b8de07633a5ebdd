/** All that the schema lets one ask of a type, cut into selections that are small enough for the limits of an operation. */
import {
  getNamedType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/**
 * @returns selection sets that together have every field of every type that can be reached, each type's own once, by a shortest way; where
 *   another way leads to it, its leaves are asked for there too
 * @throws Error for an argument that nobody knows how to fill
 */
export function selectionsOf(schema: GraphQLSchema, root: GraphQLNamedType): readonly string[] {
  if (isLeafType(root)) return [''];
  const selections: string[] = [];
  const seen = new Set([root.name]);
  const queue: { readonly type: GraphQLNamedType; readonly around: (selection: string) => string }[] = [
    { type: root, around: (inner) => inner },
  ];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { type, around } = next;
    if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`Nobody knows how to select from ${type.name}.`);
    selections.push(around(leavesOf(type)));
    for (const { field, prefix, suffix } of linksOf(schema, type)) {
      const target = getNamedType(field.type);
      const below = (selection: string) => around(`{ ${prefix}${field.name}${argumentsOf(field)} ${selection}${suffix} }`);
      if (isLeafType(target)) selections.push(around(`{ ${prefix}${field.name}${argumentsOf(field)}${suffix} }`));
      else if (seen.has(target.name)) selections.push(below(leavesOf(target as GraphQLObjectType)));
      else queue.push({ type: target, around: below });
      seen.add(target.name);
    }
  }
  return selections;
}

/** The fields that lead on from a type; of an interface also what only its types have. */
function linksOf(schema: GraphQLSchema, type: GraphQLObjectType | GraphQLInterfaceType) {
  const own = fieldsOf(type)
    .filter((field) => !isLeafType(getNamedType(field.type)))
    .map((field) => ({ field, prefix: '', suffix: '' }));
  if (!isAbstractType(type)) return own;
  const special = schema.getPossibleTypes(type).flatMap((possible) =>
    fieldsOf(possible)
      .filter(({ name }) => !(name in type.getFields()))
      .map((field) => ({ field, prefix: `... on ${possible.name} { `, suffix: ' }' })),
  );
  return [...own, ...special];
}

/** @returns two selections that together have the leaves of one; none when it has a single leaf */
export function halvesOf(selection: string): readonly string[] {
  const [all = '', leaves = ''] = /{ __typename ([^{}]+) }/.exec(selection) ?? [];
  const fields = leaves.match(/\w+(\([^)]*\))?/g) ?? [];
  if (fields.length < 2) return [];
  const middle = Math.ceil(fields.length / 2);
  return [fields.slice(0, middle), fields.slice(middle)].map((half) => selection.replace(all, `{ __typename ${half.join(' ')} }`));
}

function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType): GraphQLField<unknown, unknown>[] {
  return Object.values(type.getFields());
}

function leavesOf(type: GraphQLObjectType | GraphQLInterfaceType): string {
  const names = fieldsOf(type).flatMap((field) => (isLeafType(getNamedType(field.type)) ? [`${field.name}${argumentsOf(field)}`] : []));
  return `{ __typename ${names.join(' ')} }`;
}

function argumentsOf({ name, args }: GraphQLField<unknown, unknown>): string {
  const needed = args.filter((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined);
  const unknown = needed.find((argument) => argument.name !== 'first');
  if (unknown) throw new Error(`Nobody knows what to say for "${unknown.name}" of the field "${name}".`);
  return needed.length > 0 ? '(first: 2)' : '';
}
