import type { Actor, Role } from '@stepwell/contracts';

/** Who is asking: a person with a session, or a machine with a key. Every query is filtered by this tenant. */
export interface Viewer {
  readonly kind: 'user' | 'api-key';
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  /** True until the password of the first start has been replaced. */
  readonly passwordIsOneTime: boolean;
  /** Of a machine: its key, which ends as a session does. */
  readonly session: { readonly tokenHash: string; readonly expiresAt: Date };
}

/** What a request carries once `SessionMiddleware` has seen it; `undefined` when nobody is signed in. */
export interface WithViewer {
  viewer?: Viewer | undefined;
}

/** The viewer as it is stored with runs, decisions and history entries. */
export function actorOf(viewer: Viewer): Actor {
  return { id: viewer.id, name: viewer.displayName, kind: viewer.kind };
}
