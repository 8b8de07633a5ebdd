import type { Json } from '@stepwell/contracts';
import type { SessionRef, SessionStore } from '../ports/session-store.port.js';

interface Row {
  /** JSON text, so that nobody shares it. */
  readonly data: string;
  readonly version: number;
  readonly made: ReadonlySet<string>;
}

export function memorySessions(take: <T>(work: () => T) => Promise<T>): SessionStore {
  const rows = new Map<string, Row>();
  const idOf = ({ tenant, name }: SessionRef) => JSON.stringify([tenant, name]);
  return {
    open: (session, data) =>
      take(() => {
        if (rows.has(idOf(session))) return false;
        rows.set(idOf(session), { data: JSON.stringify(data), version: 1, made: new Set() });
        return true;
      }),
    read: (session, key) =>
      take(() => {
        const row = rows.get(idOf(session));
        if (!row) return undefined;
        const { data, version, made } = row;
        return { data: JSON.parse(data) as Json, version, isCompleted: false, isMade: key !== null && made.has(key) };
      }),
    change: (session, key, version, data) =>
      take(() => {
        const row = rows.get(idOf(session));
        if (row?.version !== version || row.made.has(key)) return undefined;
        rows.set(idOf(session), { data: JSON.stringify(data), version: version + 1, made: new Set([...row.made, key]) });
        return version + 1;
      }),
  };
}
