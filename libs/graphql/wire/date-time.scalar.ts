import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** Instants go over the wire as the services write them. */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'An instant, ISO 8601 in UTC.',
  serialize: instant,
  parseValue: instant,
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError('A DateTime is written as a string.', { nodes: node });
    return instant(node.value);
  },
});

function instant(value: unknown): string {
  const at = value instanceof Date || typeof value === 'string' ? new Date(value) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) throw new GraphQLError(`Not an instant in ISO 8601: ${String(value)}`);
  return at.toISOString();
}
