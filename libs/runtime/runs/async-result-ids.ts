/**
 * Ids and callback URLs of async results. The id carries its run; the signature (HMAC-SHA256 over tenant and id) makes the URL a
 * capability: who has it may settle this one result and nothing else. Nothing is stored until the result comes.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AsyncResultHandle } from '@stepwell/sdk';

export class AsyncResultIds {
  /**
   * @param signingKey of the installation
   * @param publicUrl where outside services reach this installation, without a trailing slash
   */
  constructor(
    private readonly signingKey: string,
    private readonly publicUrl: string,
  ) {}

  create(tenant: string, runId: string): AsyncResultHandle {
    const id = `${runId}.${randomBytes(9).toString('base64url')}`;
    const signature = `${Buffer.from(tenant).toString('base64url')}.${this.sign(tenant, id)}`;
    return { id, callbackUrl: `${this.publicUrl}/async-results/${id}?signature=${signature}` };
  }

  /** @returns the run of an id, or `undefined` when it is none of ours */
  runIdOf(id: string): string | undefined {
    return /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\.[A-Za-z0-9_-]{12}$/.exec(id)?.[1];
  }

  /** @returns the tenant when the signature is ours */
  tenantOf(id: string, signature: string): string | undefined {
    const [encoded, given] = signature.split('.');
    if (!encoded || !given) return undefined;
    const tenant = Buffer.from(encoded, 'base64url').toString();
    const expected = Buffer.from(this.sign(tenant, id));
    const actual = Buffer.from(given);
    return expected.length === actual.length && timingSafeEqual(expected, actual) ? tenant : undefined;
  }

  private sign(tenant: string, id: string): string {
    return createHmac('sha256', this.signingKey).update(`${tenant}\n${id}`).digest('base64url');
  }
}
