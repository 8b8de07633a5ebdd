import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';

/** Over HTTP a subscription would be executed as a query, and find nothing. */
export const socketOnlyPlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      throw new GraphQLError('Subscriptions come over the websocket only; see graphql-ws.', {
        extensions: { code: 'GRAPHQL_INVALID', http: { status: 400 } },
      });
    },
  }),
};
