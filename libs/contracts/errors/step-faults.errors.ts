import type { ErrorEntry } from './error-entry.js';

/** What makes a step fail. */
export const STEP_FAULTS = {
  STEP_FAILED: { message: '{reason}', http: 500, retryable: false },
  INTERCEPTOR_TIMED_OUT: {
    message: 'The interceptor did not answer within {timeoutMs} ms.',
    http: 504,
    retryable: false,
  },
  STEP_TIMED_OUT: {
    message: 'The step did not finish within {timeoutMs} ms. It was abandoned: what it still does is discarded.',
    http: 504,
    retryable: true,
  },
  HEARTBEAT_LOST: {
    message: 'Nothing was heard from the step for {heartbeatMs} ms. It was abandoned: what it still does is discarded.',
    http: 504,
    retryable: true,
  },
  OUTPUT_INVALID: { message: 'The output of step "{id}" is not what it should be: {reason}', http: 500, retryable: true },
  OUTCOME_UNKNOWN: {
    message: 'Whether the effect of the last attempt of step "{id}" happened is not known.',
    http: 500,
    retryable: true,
  },
  EFFECT_DID_NOT_HAPPEN: {
    message: 'The outcome of this attempt of step "{id}" was not known; it was found that its effect did not happen.',
    http: 500,
    retryable: true,
  },
  INCIDENT_NOT_FOUND: {
    message: 'Run {id} has no such incident: somebody has dealt with it, or its cause is another one.',
    http: 409,
    retryable: false,
  },
  ACCESS_DENIED: {
    message: 'Step "{id}" reads {what}, which its access does not allow. Widen the access of the step, or read something else.',
    http: 500,
    retryable: false,
  },
  SECRET_MISSING: {
    message:
      'Step "{id}" needs the secret {name} (config "{key}"). Set STEPWELL_SECRET_{name}, or the field {name} of the file in STEPWELL_SECRETS_FILE, to {shortest} characters or more.',
    http: 500,
    retryable: true,
  },
  SECRET_EXPOSED: {
    message: '{what} holds the secret {name}; nothing of it was kept. Return a reference, or what the secret was used for.',
    http: 500,
    retryable: false,
  },
  DEADLINE_PASSED: {
    message: 'The time of step "{id}" is over: it may take {deadlineMs} ms with all its attempts and pauses.',
    http: 504,
    retryable: false,
  },
  TASK_EXPIRED: { message: 'Nobody decided the task in time: {reason}', http: 504, retryable: false },
  PROCESS_ENDED: {
    message: 'Step "{id}" ended the process that it ran in, three times, alone in it. The last time: {reason}.',
    http: 500,
    retryable: false,
  },
  CHILD_FAILED: { message: 'Run {id} of "{workflow}", which this node waited for, has failed: {message}', http: 500, retryable: false },
  CHILD_CANCELED: { message: 'Run {id} of "{workflow}", which this node waited for, was canceled. {message}', http: 500, retryable: false },
  RACE_FAILED: { message: 'Nobody has won "{id}": {reasons}', http: 500, retryable: false },
  ROUTE_UNMATCHED: {
    message: 'No route of "{id}" {what}, and it has no default. Add the route, or options {{ otherwise: (branch) => ... }}.',
    http: 500,
    retryable: false,
  },
  ITEMS_FAILED: {
    message: '{failed} of {total} items of "{id}" have failed. The first was item {index}: {reason}',
    http: 500,
    retryable: false,
  },
  LOOP_CAPPED: {
    message:
      'The loop "{id}" has gone round {iterations} times, which is its limit, and would go on. Raise maxIterations, or go on behind it: {{ atCap: "continue" }}.',
    http: 500,
    retryable: false,
  },
  STEP_NOT_RUN: {
    message: 'Step "{id}" has no result in this run: it has not run, or it has failed. Use maybeResultOf() where that may be.',
    http: 500,
    retryable: false,
  },
  NODE_UNKNOWN: { message: 'Workflow "{workflow}" has no node "{id}".', http: 500, retryable: false },
  NOT_IN_LOOP: {
    message: 'Workflow "{workflow}": {what} is read by a node that stands outside of that loop.',
    http: 500,
    retryable: false,
  },
  NOT_IN_CATCH: {
    message: 'Workflow "{workflow}": ctx.error is read by a node that stands in no catch. Read it in one, or read ctx.maybeError.',
    http: 500,
    retryable: false,
  },
  OUTPUT_NOT_JSON: { message: 'The output of step "{id}" is not JSON: at {path}, {reason}.', http: 500, retryable: false },
  OUTPUT_TOO_LARGE: {
    message: 'The output of step "{id}" has {bytes} bytes; at most {limit} are kept. Store it elsewhere and return a reference.',
    http: 500,
    retryable: false,
  },
  VALUE_NOT_STORABLE: { message: 'The database cannot store what "{id}" gave: {reason}', http: 500, retryable: false },
  TRANSACTION_TWICE: {
    message: 'ctx.transaction was called a second time in one attempt. It works once per attempt; throw, so that a further attempt begins.',
    http: 500,
    retryable: false,
  },
  TRANSACTION_IDLED: {
    message:
      'Nothing was heard from ctx.transaction for {idleMs} ms, which is the longest it may idle, so the database has rolled it back: {reason}',
    http: 504,
    retryable: true,
  },
  TRANSACTION_ENDED_ATTEMPT: {
    message: 'ctx.{call} was called after ctx.transaction had completed the step. The transaction must be the last thing a step does.',
    http: 500,
    retryable: false,
  },
  NOT_IN_TRANSACTION: {
    message: 'ctx.{call} cannot be used inside ctx.transaction; only ctx.emit joins the transaction.',
    http: 500,
    retryable: false,
  },
  TRANSACTION_NEEDED: {
    message: 'client.{call} was given an EntityManager that is in no transaction. Pass the one that dataSource.transaction gives, or none.',
    http: 500,
    retryable: false,
  },
  ASYNC_RESULT_REJECTED: { message: 'The outside service answered with an error: {reason}', http: 502, retryable: true },
  WAIT_TIMED_OUT: { message: 'Nothing came within {timeoutMs} ms.', http: 504, retryable: true },
  ATTEMPT_FENCED: {
    message: 'This attempt was closed meanwhile (time-out, cancel or take-over by another worker); nothing of it was kept.',
    http: 409,
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
