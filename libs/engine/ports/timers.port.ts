/** What rings later, so that tests can let time jump from one ring to the next. Separate from `Clock`, whose instants are the database's. */
export abstract class Timers {
  /** Milliseconds since any instant; never goes back, whoever sets the machine's clock. */
  abstract steadyNow(): number;
  /**
   * @param ms of any length; a negative delay is none
   * @returns takes it back
   */
  abstract after(ms: number, ring: () => void): () => void;
  /** @returns ends it */
  abstract every(ms: number, ring: () => void): () => void;
}
