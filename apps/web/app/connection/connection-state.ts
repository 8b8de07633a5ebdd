// Whether changes arrive by themselves. One small store: the socket writes it, the dot in the top bar and the fallback polling read it.
import { useSyncExternalStore } from 'react';

/** `idle`: nobody listens; `live`: changes arrive; `lost`: the socket is gone, so pages ask by themselves. */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'lost';

let current: ConnectionState = 'idle';
const listeners = new Set<() => void>();

export function setConnectionState(next: ConnectionState): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

export function connectionState(): ConnectionState {
  return current;
}

export function onConnectionState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(onConnectionState, connectionState);
}
