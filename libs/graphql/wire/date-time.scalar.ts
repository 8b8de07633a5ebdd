import { utcInstant } from '@stepwell/sdk';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** Instants go over the wire as the services write them. */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'An instant, ISO 8601 in UTC.',
  serialize: written,
  parseValue: read,
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError('A DateTime is written as a string.', { nodes: node });
    return read(node.value);
  },
});

function written(value: unknown): string {
  const at = value instanceof Date || typeof value === 'string' ? new Date(value) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) throw new GraphQLError(`Not an instant in ISO 8601: ${String(value)}`);
  return at.toISOString();
}

function read(value: unknown): string {
  const at = utcInstant(value);
  if (at === undefined)
    throw new GraphQLError(`Not an instant in ISO 8601 with its zone: ${String(value)}. Write one as 2026-03-01T12:00:00Z.`);
  return at;
}
