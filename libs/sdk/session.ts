/** What the runs of a session share, as a step has it. */
export interface SessionSnapshot<T = unknown> {
  readonly data: T;
  /** Counts from 1; each change raises it. */
  readonly version: number;
}

export interface StepSession {
  readonly name: string;
  /** The data as they are now. @throws StepwellError SESSION_NOT_FOUND */
  get<T = unknown>(): Promise<SessionSnapshot<T>>;
  /**
   * Changes the data. When another run has changed them meanwhile, `change` is asked again with what they are then.
   *
   * The nth change of a step is made once, however often the step is entered: after a crash, a failed attempt or a retry of the run it is
   * not asked again, and what the data are now comes back. After each suspension it is counted anew. So a step makes its changes in the
   * same order each time. A change stays when the attempt fails. Not in a transaction, nor where it is verified what an effect came to.
   *
   * @param change gets data of its own, and returns what they become: JSON, at most 16 MB
   * @throws StepwellError SESSION_NOT_FOUND, SESSION_CLOSED once it is completed, OUTPUT_NOT_JSON, OUTPUT_TOO_LARGE, SECRET_EXPOSED, NOT_IN_TRANSACTION
   */
  update<T = unknown>(change: (data: T) => T): Promise<SessionSnapshot<T>>;
}
