/**
 * Slows down guessing, per account and address, in memory. After five wrong passwords in a row an address must pause before it may
 * try that account again: one second, then two, four ... at most a minute. Tries during a pause are refused unread and do not prolong it.
 *
 * Why per pair and why so short: counted per account alone, anybody could lock somebody else out from afar; counted per address alone,
 * an office behind one address would share its typing errors. Where all come from one address (a proxy whose headers we do not trust)
 * an attacker can delay others by a minute at most. What guesses from many addresses are worth is the password's business: at least ten
 * characters, or 79 random bits. Each process counts for itself.
 */
import { Injectable } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';

const FREE_TRIES = 5;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 60_000;
/** Without a try for this long a pair starts anew. */
const FORGOTTEN_AFTER_MS = 15 * 60_000;
/** Some 10 MB at most; past it the pairs that were quiet for longest are forgotten first. */
const MAX_PAIRS = 50_000;

interface Tries {
  wrong: number;
  blockedUntil: number;
  lastAt: number;
}

@Injectable()
export class SignInThrottle {
  /** In the order of the last try, oldest first. */
  private readonly pairs = new Map<string, Tries>();

  /** The clock, in milliseconds; tests set their own. */
  now: () => number = () => performance.now();

  /**
   * Counts a try as wrong until `succeeded` says otherwise, so that many at the same moment are counted too.
   *
   * @throws StepwellError TOO_MANY_SIGN_INS with the seconds left
   */
  begin(tenant: string, name: string, ip: string): void {
    const now = this.now();
    const key = keyOf(tenant, name, ip);
    const found = this.pairs.get(key);
    const tries = found && now - found.lastAt < FORGOTTEN_AFTER_MS ? found : { wrong: 0, blockedUntil: 0, lastAt: now };
    if (tries.blockedUntil > now) throw new StepwellError('TOO_MANY_SIGN_INS', { seconds: Math.ceil((tries.blockedUntil - now) / 1000) });
    tries.wrong++;
    tries.lastAt = now;
    if (tries.wrong >= FREE_TRIES) tries.blockedUntil = now + Math.min(FIRST_PAUSE_MS * 2 ** (tries.wrong - FREE_TRIES), LAST_PAUSE_MS);
    this.pairs.delete(key);
    this.pairs.set(key, tries);
    this.forgetOldest(now);
  }

  succeeded(tenant: string, name: string, ip: string): void {
    this.pairs.delete(keyOf(tenant, name, ip));
  }

  private forgetOldest(now: number): void {
    for (const [key, { lastAt }] of this.pairs) {
      if (this.pairs.size <= MAX_PAIRS && now - lastAt < FORGOTTEN_AFTER_MS) return;
      this.pairs.delete(key);
    }
  }
}

function keyOf(tenant: string, name: string, ip: string): string {
  return JSON.stringify([tenant, name, ip]);
}
