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
 * @returns selection sets that together have every field of every type below; a type that stands above itself shows its leaves only
 * @throws Error for an argument that nobody knows how to fill
 */
export function selectionsOf(schema: GraphQLSchema, type: GraphQLNamedType, above: readonly string[] = []): readonly string[] {
  if (isLeafType(type)) return [''];
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`Nobody knows how to select from ${type.name}.`);
  const leaves = leavesOf(type);
  if (above.includes(type.name)) return [leaves];
  const path = [...above, type.name];
  const deeper = fieldsOf(type).flatMap((field) => below(schema, field, path).map((selection) => `{ ${selection} }`));
  const special = isAbstractType(type)
    ? schema.getPossibleTypes(type).flatMap((possible) =>
        fieldsOf(possible)
          .filter(({ name }) => !(name in type.getFields()))
          .flatMap((field) => below(schema, field, path).map((selection) => `{ ... on ${possible.name} { ${selection} } }`)),
      )
    : [];
  return [leaves, ...deeper, ...special];
}

function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType): GraphQLField<unknown, unknown>[] {
  return Object.values(type.getFields());
}

function leavesOf(type: GraphQLObjectType | GraphQLInterfaceType): string {
  const names = fieldsOf(type).flatMap((field) => (isLeafType(getNamedType(field.type)) ? [`${field.name}${argumentsOf(field)}`] : []));
  return `{ __typename ${names.join(' ')} }`;
}

function below(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, above: readonly string[]): string[] {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return [];
  return selectionsOf(schema, type, above).map((selection) => `${field.name}${argumentsOf(field)} ${selection}`);
}

function argumentsOf({ name, args }: GraphQLField<unknown, unknown>): string {
  const needed = args.filter((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined);
  const unknown = needed.find((argument) => argument.name !== 'first');
  if (unknown) throw new Error(`Nobody knows what to say for "${unknown.name}" of the field "${name}".`);
  return needed.length > 0 ? '(first: 2)' : '';
}
