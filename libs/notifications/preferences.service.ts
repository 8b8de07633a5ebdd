/** A person's own choice of what to be told of, when and where, and what could not be sent to them. */
import { randomBytes } from 'node:crypto';
import type { Viewer } from '@stepwell/access';
import { findNonJson, StepwellError } from '@stepwell/contracts';
import type { Clock } from '@stepwell/engine';
import {
  askAddress,
  type DeadNotification,
  deadNotifications,
  forgetAddress,
  leaveChannel,
  type PreferencesChange,
  readPreferences,
  reviveNotification,
  savePreferences,
  type Sql,
  verifyAddress,
} from '@stepwell/storage';
import { isEmail } from 'class-validator';
import type { LinkTokens } from './link-tokens.js';
import type { ChannelName } from './notification-options.js';
import { checkPreferences, type Preferences, preferencesOf } from './preferences.js';

/** Between two messages that ask an address: nobody's mailbox is filled from here. */
const ASK_EVERY_MS = 60_000;
const VERIFIABLE_MS = 86_400_000;
const MOST_DEAD = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface NotificationSettings extends Preferences {
  readonly address: string | null;
  readonly isAddressVerified: boolean;
  /** What this installation can send by. */
  readonly available: readonly ChannelName[];
  /** Given up, the newest first. */
  readonly undelivered: readonly DeadNotification[];
}

export class NotificationPreferences {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly tokens: LinkTokens,
    private readonly available: readonly ChannelName[],
  ) {}

  /** @throws StepwellError FORBIDDEN for a machine, here and below */
  async of(viewer: Viewer): Promise<NotificationSettings> {
    const { tenant, id } = person(viewer);
    const [said, undelivered] = await Promise.all([
      readPreferences(this.sql, tenant, id),
      deadNotifications(this.sql, tenant, id, MOST_DEAD),
    ]);
    const address = said?.address ?? null;
    return { ...preferencesOf(said), address, isAddressVerified: !!said?.addressVerifiedAt, available: this.available, undelivered };
  }

  /** @throws StepwellError INPUT_INVALID with the field */
  async save(viewer: Viewer, change: PreferencesChange): Promise<NotificationSettings> {
    const { tenant, id } = person(viewer);
    checkPreferences(change);
    await savePreferences(this.sql, tenant, id, change);
    return this.of(viewer);
  }

  /**
   * Sends a link to an address; nothing else goes there until the person has opened it.
   * @param address null: none any more
   * @throws StepwellError INPUT_INVALID with the field `address`
   */
  async setAddress(viewer: Viewer, address: string | null): Promise<NotificationSettings> {
    const { tenant, id } = person(viewer);
    if (address === null) {
      await forgetAddress(this.sql, tenant, id);
      return this.of(viewer);
    }
    if (!this.available.includes('mail')) throw refused('This installation sends no mail.');
    // isEmail throws for half a character.
    if (findNonJson(address) || !isEmail(address)) throw refused(`"${address}" is no e-mail address.`);
    const now = new Date(this.clock.now());
    const notSince = new Date(now.getTime() - ASK_EVERY_MS);
    const nonce = randomBytes(32).toString('base64url');
    if (!(await askAddress(this.sql, { tenant, userId: id, address, nonce, now, notSince })))
      throw refused('A link was sent less than a minute ago. Wait a little before you ask for another one.');
    return this.of(viewer);
  }

  /** @throws StepwellError LINK_INVALID */
  async confirmAddress(viewer: Viewer, token: string): Promise<NotificationSettings> {
    const { tenant, id } = person(viewer);
    const said = await readPreferences(this.sql, tenant, id);
    const { addressNonce: nonce, addressAskedAt: askedAt } = said ?? {};
    const now = new Date(this.clock.now());
    const isGood =
      nonce && askedAt && this.tokens.isVerification(token, tenant, id, nonce) && now.getTime() - askedAt.getTime() < VERIFIABLE_MS;
    if (!isGood || !(await verifyAddress(this.sql, tenant, id, nonce, now))) throw new StepwellError('LINK_INVALID');
    return this.of(viewer);
  }

  /** By the link of a message, which is all that it takes: no more mail. Twice is no mistake. @throws StepwellError LINK_INVALID */
  async unsubscribe(token: string): Promise<void> {
    const link = this.tokens.readUnsubscription(token);
    if (!link || !(await leaveChannel(this.sql, link.tenant, link.userId, 'mail'))) throw new StepwellError('LINK_INVALID');
  }

  /** Sends once more what was given up. @throws StepwellError NOTIFICATION_NOT_FOUND */
  async retry(viewer: Viewer, id: string): Promise<NotificationSettings> {
    const { tenant, id: userId } = person(viewer);
    if (!UUID.test(id) || !(await reviveNotification(this.sql, tenant, userId, id, new Date(this.clock.now()))))
      throw new StepwellError('NOTIFICATION_NOT_FOUND', { id });
    return this.of(viewer);
  }
}

function person(viewer: Viewer): Viewer {
  if (viewer.kind !== 'user') throw new StepwellError('FORBIDDEN');
  return viewer;
}

function refused(message: string): StepwellError {
  return new StepwellError('INPUT_INVALID', { reason: message }, { fields: [{ path: 'address', message }] });
}
