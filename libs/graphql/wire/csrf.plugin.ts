import type { ApolloServerPlugin } from '@apollo/server';
import { CSRF_HEADER } from '@stepwell/access';
import { ERRORS } from '@stepwell/contracts';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { GraphqlContext } from './graphql-context.js';

/** Refuses mutations without the header, whatever else speaks for them (Origin and content type are checked before). */
export const csrfPlugin: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, request, contextValue }) => {
      // No browser sends a key by itself.
      if (contextValue.viewer?.kind === 'api-key') return;
      if (operation?.operation !== OperationTypeNode.MUTATION || request.http?.headers.has(CSRF_HEADER)) return;
      const { message, http } = ERRORS.CSRF_HEADER_MISSING;
      throw new GraphQLError(message, { extensions: { code: 'CSRF_HEADER_MISSING', http: { status: http } } });
    },
  }),
};
