/** Time, ids and chance as the core sees them, so that tests can drive them. */
export abstract class Clock {
  /** Milliseconds since 1970. */
  abstract now(): number;

  /**
   * Hears what the database's clock showed, which is the one that everybody compares with. A clock that heeds it shows the same from then
   * on, but for the time that the answer was under way; one that a test drives does not.
   *
   * @param _instant milliseconds since 1970, by the database's clock, at some time between the other two
   * @param _sentAt when the database was asked, by `performance.now()`
   * @param _receivedAt when the answer was there, by `performance.now()`
   * @returns what to decide by, for who must not be early: the instant itself; of a clock that a test drives, its own time
   */
  observe(_instant: number, _sentAt: number, _receivedAt: number): number {
    return this.now();
  }
}
