/**
 * Slows down whoever tries links that are none, per address, in memory. A token is not guessed in any time; this keeps programs from asking
 * the database for it all the same. Each process counts for itself.
 */
import { StepwellError } from '@stepwell/contracts';

const WINDOW_MS = 60_000;
/** An office behind one address, with mail that breaks links. */
const MOST_TRIES = 60;
/** Past it all are forgotten: better than to grow with every address that comes by. */
const MOST_ADDRESSES = 20_000;

export class LinkThrottle {
  private readonly tries = new Map<string, number>();
  private endsAt = 0;

  /** @param now the clock, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Counts a try as one for no link until `found` says otherwise, so that many at the same moment are counted, too.
   *
   * @throws StepwellError TOO_MANY_LINKS with the seconds left
   */
  count(ip: string): void {
    const now = this.now();
    if (now >= this.endsAt || this.tries.size > MOST_ADDRESSES) {
      this.tries.clear();
      this.endsAt = now + WINDOW_MS;
    }
    const tries = (this.tries.get(ip) ?? 0) + 1;
    this.tries.set(ip, tries);
    if (tries > MOST_TRIES) throw new StepwellError('TOO_MANY_LINKS', { seconds: Math.ceil((this.endsAt - now) / 1000) });
  }

  found(ip: string): void {
    const tries = this.tries.get(ip);
    if (tries) this.tries.set(ip, tries - 1);
  }
}
