/**
 * What the links in messages carry to be believed: an HMAC under the installation's key over what they are for. The same message sent
 * twice has the same links.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Unsubscription {
  readonly tenant: string;
  readonly userId: string;
}

export class LinkTokens {
  constructor(private readonly key: string) {}

  /** @param nonce of the address that is asked for */
  verification(tenant: string, userId: string, nonce: string): string {
    return this.sign('address', tenant, userId, nonce);
  }

  isVerification(token: string, tenant: string, userId: string, nonce: string): boolean {
    return isSame(token, this.verification(tenant, userId, nonce));
  }

  unsubscription({ tenant, userId }: Unsubscription): string {
    return `${Buffer.from(tenant).toString('base64url')}.${userId}.${this.sign('unsubscribe', tenant, userId)}`;
  }

  /** @returns `undefined` for what is no token of ours */
  readUnsubscription(token: string): Unsubscription | undefined {
    const [, encoded = '', userId = '', signature = ''] = /^([\w-]+)\.([0-9a-f-]{36})\.([\w-]{43})$/.exec(token) ?? [];
    const tenant = Buffer.from(encoded, 'base64url').toString();
    return isSame(signature, this.sign('unsubscribe', tenant, userId)) ? { tenant, userId } : undefined;
  }

  private sign(...parts: readonly string[]): string {
    return createHmac('sha256', this.key)
      .update(JSON.stringify(['stepwell notification 1', ...parts]))
      .digest('base64url');
  }
}

function isSame(...tokens: readonly [string, string]): boolean {
  const [left, right] = [Buffer.from(tokens[0]), Buffer.from(tokens[1])];
  return left.length === right.length && timingSafeEqual(left, right);
}
