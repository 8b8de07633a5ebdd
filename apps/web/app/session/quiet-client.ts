import type { Client } from '@urql/core';
import { createContext, use } from 'react';

export const QuietClientContext = createContext<Client | undefined>(undefined);

/** The client for heartbeats and drafts: its answers make no list ask again. */
export function useQuietClient(): Client {
  const client = use(QuietClientContext);
  if (!client) throw new Error('useQuietClient was called outside the session gate.');
  return client;
}
