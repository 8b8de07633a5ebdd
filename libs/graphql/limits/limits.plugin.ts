import type { ApolloServerPlugin } from '@apollo/server';
import { ERRORS } from '@stepwell/contracts';
import { GraphQLError } from 'graphql';
import type { GraphqlContext } from '../wire/graphql-context.js';
import { limitErrorOf } from './query-limits.js';

/** Refuses an operation beyond the limits before any of its resolvers begins. */
export const limitsPlugin: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request: { variables } }) => {
      if (!operation) return;
      const error = limitErrorOf({ schema, document, operation, variables: variables ?? {} });
      if (error)
        throw new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status: ERRORS.QUERY_TOO_DEEP.http } } });
    },
  }),
};
