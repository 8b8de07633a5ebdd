// The websocket for hints, opened with the first subscription and kept alive for ever after: it comes back by itself, soon at first, then
// more and more patiently, and at once when somebody has just signed in.
import type { FormattedExecutionResult } from 'graphql';
import { createClient, type Sink } from 'graphql-ws/client';
import { setConnectionState } from './connection-state.js';

/** The first pause before an attempt to get the socket back; it doubles up to the longest. Polling covers the pages meanwhile. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Proxies lose idle sockets silently; a ping tells. */
const PING_MS = 20_000;
/** A page change gives up one subscription and takes up the next; the socket stays open in between. */
const LINGER_MS = 5_000;

export interface Socket {
  subscribe(
    query: string,
    variables: Record<string, unknown>,
    sink: Sink<FormattedExecutionResult<Record<string, unknown>, unknown>>,
  ): () => void;
  /** Opens the socket anew, now. */
  reconnect(): void;
}

export function openSocket(path: string): Socket {
  const { protocol, host } = window.location;
  let endPause: () => void = () => undefined;
  const client = createClient({
    url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${path}`,
    lazy: true,
    lazyCloseTimeout: LINGER_MS,
    keepAlive: PING_MS,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (retries) => {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(retries, 6));
      return new Promise((resolve) => {
        endPause = resolve;
        // Not all pages at the same moment, when a server comes back.
        setTimeout(resolve, pauseMs * (0.75 + Math.random() / 2));
      });
    },
    on: {
      connecting: () => setConnectionState('connecting'),
      connected: () => setConnectionState('live'),
      closed: (event) => setConnectionState(event instanceof CloseEvent && event.wasClean && event.code === 1000 ? 'idle' : 'lost'),
      error: () => setConnectionState('lost'),
    },
  });
  return {
    subscribe: (query, variables, sink) => client.subscribe<Record<string, unknown>>({ query, variables }, sink),
    reconnect: () => {
      client.terminate();
      endPause();
    },
  };
}
