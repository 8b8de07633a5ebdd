import type { Json } from '@stepwell/contracts';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** Any JSON. What it may hold is checked by the services, which know where it goes. */
export const JsonScalar = new GraphQLScalarType<Json, Json>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value as Json,
  parseValue: (value) => value as Json,
  parseLiteral: fromLiteral,
});

function fromLiteral(node: ValueNode, variables?: Readonly<Record<string, unknown>> | null): Json {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((value) => fromLiteral(value, variables));
    case Kind.OBJECT:
      // fromEntries defines own properties, so a field named __proto__ is a field like any other.
      return Object.fromEntries(node.fields.map((field) => [field.name.value, fromLiteral(field.value, variables)]));
    case Kind.VARIABLE:
      return (variables?.[node.name.value] ?? null) as Json;
    case Kind.ENUM:
      throw new GraphQLError('JSON has no enum values; write a string.', { nodes: node });
  }
}
