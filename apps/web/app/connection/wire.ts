// The one connection to the server, same origin: queries and mutations by POST /graphql, hints about changes by graphql-ws.
// Every request carries `x-stepwell-csrf`, which a foreign page cannot add without a preflight that the server refuses.
import { cacheExchange, Client, type CombinedError, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core';
import { isSignInNeeded } from './request-error.js';
import { openSocket } from './socket.js';

export const CSRF_HEADERS = { 'x-stepwell-csrf': '1' } as const;
const PATH = '/graphql';

export interface Wire {
  /** Pages: answers are cached per document, and a mutation makes the queries that show its types ask again. */
  readonly client: Client;
  /** Heartbeats and drafts: they come every few seconds and must not make the lists ask again. */
  readonly quiet: Client;
  /** Opens the socket anew, with the cookie of whoever is signed in now. */
  reconnect(): void;
}

/** @param onSignInNeeded called when the server says that the session is over */
export function connect(onSignInNeeded: () => void): Wire {
  const socket = openSocket(PATH);
  const common = {
    url: PATH,
    preferGetMethod: false as const,
    fetchOptions: { headers: CSRF_HEADERS, credentials: 'same-origin' as const },
  };
  const watchSession = mapExchange({
    onError: (error: CombinedError) => {
      if (isSignInNeeded(error)) onSignInNeeded();
    },
  });
  const subscriptions = subscriptionExchange({
    forwardSubscription: ({ query = '', variables }) => ({
      subscribe: (sink) => ({
        unsubscribe: socket.subscribe(query, variables as Record<string, unknown>, {
          next: ({ data, errors }) => sink.next({ data: data ?? null, ...(errors ? { errors } : {}) }),
          error: (error) => sink.error(error),
          complete: () => sink.complete(),
        }),
      }),
    }),
  });
  return {
    client: new Client({ ...common, exchanges: [watchSession, cacheExchange, fetchExchange, subscriptions] }),
    quiet: new Client({ ...common, exchanges: [watchSession, fetchExchange] }),
    reconnect: () => socket.reconnect(),
  };
}
