import { createContext, use } from 'react';
import type { Role, Viewer } from './viewer.query.js';

export interface Session {
  readonly viewer: Viewer;
  /** Asks the server again who is signed in. */
  readonly refresh: () => Promise<void>;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in. Only below the session gate. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession was called outside the session gate.');
  return session;
}

const RANK: Readonly<Record<Role, number>> = { reviewer: 1, operator: 2, admin: 3 };

/** Hides what the viewer's role may not do; the server is what refuses it. */
export function useMay(needed: Role): boolean {
  return RANK[useSession().viewer.role] >= RANK[needed];
}
