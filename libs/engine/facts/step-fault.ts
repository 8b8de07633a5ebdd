/** Why an attempt or a node failed, as data. No interface: that might grow, so it would be no JSON to the compiler. */
export type StepFault = {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
  /** What is wrong with which field of an output. */
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  /** False for faults that no further attempt can mend. */
  readonly retryable: boolean;
  /** Wait at least this long before the next attempt. */
  readonly retryAfterMs?: number;
  /** The node that failed first; absent in the facts of the node itself. */
  readonly path?: string;
  readonly iteration?: string;
  /** The failure that was being dealt with when this one happened; of a child run that failed, its own. */
  readonly cause?: StepFault;
  /** Of a race in which nobody has won: each branch's own. */
  readonly errors?: Readonly<Record<string, StepFault>>;
};

/** As it is kept beside another fault, and shown to author code. */
export function withoutStack({ stack: _, cause, ...fault }: StepFault): StepFault {
  return cause ? { ...fault, cause: withoutStack(cause) } : fault;
}
