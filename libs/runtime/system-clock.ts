import { Clock } from '@stepwell/engine';

/**
 * The database's clock, as far as it has been heard of; until then the machine's. Timers are claimed by the database's clock, so one that
 * was set by a machine an hour off would ring an hour off.
 *
 * Between two answers of the database it goes on with the machine's steady clock, which nobody sets: a machine whose time is put right
 * does not jump here. An answer says where the database's clock stood at some time while it was under way; what we show is moved only as
 * far as that asks for, so slow answers do not shake it.
 */
export class SystemClock extends Clock {
  /** The instant at which the steady clock showed 0. */
  private origin: number | undefined;

  /**
   * @param machineNow milliseconds since 1970
   * @param steadyNow milliseconds, the same clock as that of the times in `observe`
   */
  constructor(
    private readonly machineNow: () => number = () => Date.now(),
    private readonly steadyNow: () => number = () => performance.now(),
  ) {
    super();
  }

  now(): number {
    return this.origin === undefined ? this.machineNow() : Math.round(this.origin + this.steadyNow());
  }

  override observe(instant: number, sentAt: number, receivedAt: number): number {
    this.origin ??= instant - (sentAt + receivedAt) / 2;
    this.origin = Math.min(Math.max(this.origin, instant - receivedAt), instant - sentAt);
    return instant;
  }
}
