// Keeps what a page shows fresh. A hint over the socket asks for a refresh; while the socket is gone, the page asks every few seconds.
// Hints may be lost (a proxy, a sleeping laptop), so a slow poll goes on even while the socket is open; a hidden page asks nothing and
// catches up when it is seen again.
import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useEffect, useRef } from 'react';
import { useClient } from 'urql';
import { coalesce } from './coalesce.js';
import { connectionState, onConnectionState } from './connection-state.js';

/** Without the socket: quick enough to follow a colleague, slow enough for a server in trouble. */
const POLL_MS = 5_000;
/** With the socket: only against lost hints. */
const SAFETY_POLL_MS = 60_000;

interface LiveOptions {
  /** The least time between two refreshes. */
  readonly gapMs?: number;
  /** Stop listening, for example because a run has ended. */
  readonly isPaused?: boolean;
}

export function useLiveRefresh<Data, Variables extends AnyVariables>(
  hints: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  refresh: () => void,
  { gapMs = 400, isPaused = false }: LiveOptions = {},
): void {
  const client = useClient();
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  const key = JSON.stringify(variables);

  useEffect(() => {
    if (isPaused) return undefined;
    const ask = coalesce(() => latest.current(), gapMs);
    let lastAsked = Date.now();
    let wasLive = connectionState() === 'live';
    const askNow = () => {
      lastAsked = Date.now();
      ask();
    };

    // A subscription that was refused is over (the session had ended, perhaps): it is tried again with the polls.
    let isRefused = false;
    const subscribe = () =>
      client.subscription(hints, JSON.parse(key) as Variables).subscribe(({ data, error }) => {
        isRefused = error !== undefined;
        if (data && !document.hidden) askNow();
      });
    let subscription = subscribe();
    const stopWatching = onConnectionState(() => {
      const isLive = connectionState() === 'live';
      // What happened while the socket was away is unknown.
      if (isLive && !wasLive && Date.now() - lastAsked > gapMs) askNow();
      wasLive = isLive;
    });
    const poll = setInterval(() => {
      const due = connectionState() === 'live' && !isRefused ? SAFETY_POLL_MS : POLL_MS;
      if (document.hidden || Date.now() - lastAsked < due) return;
      if (isRefused) {
        subscription.unsubscribe();
        subscription = subscribe();
      }
      askNow();
    }, POLL_MS / 2);
    const onVisible = () => {
      if (!document.hidden) askNow();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      subscription.unsubscribe();
      stopWatching();
      clearInterval(poll);
      ask.cancel();
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [client, hints, key, gapMs, isPaused]);
}
