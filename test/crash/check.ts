/** One question of the auditor: a sentence, and a query for what contradicts it. */
export interface Check {
  readonly check: string;
  readonly sql: string;
  readonly values?: (expected: Expected) => readonly unknown[];
}

export interface Expected {
  /** Records in the source. */
  readonly records: number;
  /** Passes over the whole source after the first one. */
  readonly repeatedPasses: number;
}
