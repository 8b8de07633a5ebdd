/**
 * argon2id, with the parameters OWASP recommends (19 MiB, 2 passes, 1 lane: the library's defaults). Each takes some 20 ms of a core and
 * 19 MiB, so only a few run at a time, and a flood of sign-ins is refused instead of queued without end.
 */
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { StepwellError } from '@stepwell/contracts';

/** Two cores' worth; more would only make each slower. */
const AT_ONCE = 2;
/** About a second's worth of waiting. */
const MAX_WAITING = 50;

/** Stored for an account that nobody signs in to by password. */
export const NO_PASSWORD = '!';

@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password));
  }

  /**
   * @param stored the account's hash; `undefined` when there is no such account: the same work is done, so that the time an answer
   *   takes does not tell which names exist
   * @throws StepwellError TOO_MANY_SIGN_INS when too many are waiting
   */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    const isReal = stored !== undefined && stored !== NO_PASSWORD;
    const against = isReal ? stored : await (this.decoy ??= this.hash('decoy'));
    return (await this.inTurn(() => verify(against, password))) && isReal;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING) throw new StepwellError('TOO_MANY_SIGN_INS', { seconds: 2 });
      await new Promise<void>((turn) => this.waiting.push(turn));
    } else {
      this.running++;
    }
    try {
      return await work();
    } finally {
      // The place passes to the next one, or becomes free.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
