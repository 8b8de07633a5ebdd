import type { RunSessions } from '@stepwell/runtime';
import type { SessionRuns } from '@stepwell/storage';
import DataLoader from 'dataloader';

/** What hangs on sessions, in one statement however many a page shows. */
export interface SessionLoaders {
  readonly runsOfSession: DataLoader<string, SessionRuns>;
}

export function sessionLoaders(sessions: RunSessions, tenant: string): SessionLoaders {
  return {
    runsOfSession: new DataLoader(async (names) => {
      const found = await sessions.countRuns(tenant, names);
      return names.map((name) => found.get(name) ?? { total: 0, live: 0 });
    }),
  };
}
