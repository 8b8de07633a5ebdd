/** A failure as data: `ctx.error` in a catch. */
export interface CaughtError {
  /** As in the error reference; what a handler threw has `STEP_FAILED` unless it says otherwise. */
  readonly code: string;
  readonly message: string;
  /** The path of the node that failed. */
  readonly path: string;
  /** Its iteration, when it stands in a loop; otherwise `''`. */
  readonly iteration: string;
  /** The failure that was being dealt with when this one happened: a catch or a finally that failed itself. Of CHILD_FAILED, that of the child. */
  readonly cause?: CaughtError;
  /** By branch, when all branches of a race have failed. */
  readonly errors?: Readonly<Record<string, CaughtError>>;
}
