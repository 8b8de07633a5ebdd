/** Time, ids and chance as the core sees them, so that tests can drive them. */
export abstract class Clock {
  /** Milliseconds since 1970. */
  abstract now(): number;
}
