/** What runs of a session share. */
import type { Json } from '@stepwell/contracts';

export interface SessionRef {
  readonly tenant: string;
  readonly name: string;
}

export interface SessionData {
  readonly data: Json;
  /** Counts from 1; each change raises it. */
  readonly version: number;
}

export interface SessionView extends SessionData {
  readonly isCompleted: boolean;
  /** The change with the key that was asked about has been made. */
  readonly isMade: boolean;
}

export interface SessionStore {
  /** @returns false when there is one of this name */
  open(session: SessionRef, data: Json): Promise<boolean>;
  /** @param key of a change */
  read(session: SessionRef, key: string | null): Promise<SessionView | undefined>;
  /**
   * Makes a change, once.
   *
   * @param version which the data must still have
   * @returns the new version; undefined when somebody else has changed or completed it meanwhile
   */
  change(session: SessionRef, key: string, version: number, data: Json): Promise<number | undefined>;
}
