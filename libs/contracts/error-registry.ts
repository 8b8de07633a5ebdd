/**
 * The one registry of error codes. A code is never reused for another meaning. `message` is a template: `{name}` is filled from the
 * details. `http` is what the REST edge answers; `retryable` tells a client whether the same call may succeed later.
 * Three kinds of failure are never mixed: refusals (these codes, expected), faults of a step (what a handler throws), bugs.
 */
export interface ErrorEntry {
  readonly message: string;
  readonly http: number;
  readonly retryable: boolean;
}

export const ERRORS = {
  // Authoring, found at boot
  WORKFLOW_DUPLICATE: {
    message: 'Two workflows are "{workflow}" ({first} and {second}). Rename one of them, or give it another version.',
    http: 500,
    retryable: false,
  },
  GRAPH_CHANGED: {
    message:
      'The graph of "{workflow}" version {version} is not the one that was released: {changes}. Runs of it may be waiting. Raise its version, and host version {version} beside it as it was; or, if it was never deployed, write it down anew: npm run graphs -- --update.',
    http: 500,
    retryable: false,
  },
  STEP_DUPLICATE: {
    message: 'Workflow "{workflow}" has two nodes with id "{id}". Give one of them its own id: .then(Handler, {{ id: "..." }}).',
    http: 500,
    retryable: false,
  },
  HANDLER_MISSING: {
    message: 'Workflow "{workflow}" uses {handler}, but no module provides it. Add {handler} to the providers of its @WorkflowModule.',
    http: 500,
    retryable: false,
  },
  HANDLER_DUPLICATE: {
    message: 'Two handlers have the id "{id}": {first} of {firstModule} and {second} of {secondModule}. Rename one in its decorator.',
    http: 500,
    retryable: false,
  },
  HANDLER_UNRESOLVED: {
    message: '{handler} cannot be built: nothing fills its {argument}. {advice}',
    http: 500,
    retryable: false,
  },
  BRANCH_EMPTY: {
    message: 'Workflow "{workflow}": {problem}. Add a node to it, or leave it out.',
    http: 500,
    retryable: false,
  },
  EVENT_UNKNOWN: {
    message:
      'Workflow "{workflow}" listens to event "{event}", which nobody emits. Check the name; list it in the events of the module whose handler emits it; or declare it with event("{event}", {{ external: true }}).',
    http: 500,
    retryable: false,
  },
  PROCESSOR_UNKNOWN: {
    message: 'Emitter "{workflow}" feeds the workflow "{processor}", which is not hosted. Check the name.',
    http: 500,
    retryable: false,
  },
  EVIDENCE_INVALID: { message: 'The evidence for field "{path}" cannot be shown: {reason}.', http: 500, retryable: false },
  OPTION_INVALID: { message: '{where}: {reason}', http: 500, retryable: false },
  POLICY_MISSING: {
    message: '{where} declares no policy. Add @Policy("public"), @Policy("signed") or @Policy(<role>) to it or to its class.',
    http: 500,
    retryable: false,
  },
  // Refusals
  NOT_SIGNED_IN: { message: 'Sign in first.', http: 401, retryable: false },
  FORBIDDEN: { message: 'Your role does not allow this.', http: 403, retryable: false },
  API_KEY_INVALID: { message: 'This API key is unknown, revoked or expired.', http: 401, retryable: false },
  API_KEY_NOT_FOUND: { message: 'There is no API key {id}.', http: 404, retryable: false },
  SIGN_IN_FAILED: { message: 'User name or password is wrong.', http: 401, retryable: true },
  TOO_MANY_SIGN_INS: { message: 'Too many failed sign-ins. Try again in {seconds} seconds.', http: 429, retryable: true },
  ORIGIN_REFUSED: { message: 'This request comes from another site ({origin}) and was refused.', http: 403, retryable: false },
  CSRF_HEADER_MISSING: { message: 'Send the header x-stepwell-csrf with every mutation.', http: 403, retryable: false },
  CONTENT_TYPE_REFUSED: { message: 'Send {accepted}, not {contentType}.', http: 415, retryable: false },
  INPUT_INVALID: { message: '{reason}', http: 400, retryable: false },
  WORKFLOW_NOT_FOUND: { message: 'There is no workflow "{workflow}".', http: 404, retryable: false },
  WORKFLOW_DEPRECATED: {
    message: 'Every version of workflow "{workflow}" is deprecated: its runs end, and no new one begins. Start another workflow.',
    http: 409,
    retryable: false,
  },
  SCHEDULE_NOT_FOUND: { message: 'There is no schedule "{id}".', http: 404, retryable: false },
  SCHEDULE_OVERLAPS: {
    message: 'A run of schedule "{id}" has not ended, and its runs may not overlap. Wait for it, or cancel it.',
    http: 409,
    retryable: true,
  },
  EVENT_NOT_FOUND: { message: 'No hosted workflow knows the event "{event}".', http: 404, retryable: false },
  RUN_NOT_FOUND: { message: 'There is no run {id}.', http: 404, retryable: false },
  RUN_ENDED: { message: 'Run {id} has ended ({status}); it cannot change any more.', http: 409, retryable: false },
  RUN_CANCELING: { message: 'Run {id} is being canceled; it cannot be paused any more.', http: 409, retryable: false },
  SIGNAL_UNKNOWN: { message: 'Run {id} takes no signal "{name}". What it takes: {known}.', http: 404, retryable: false },
  SIGNALS_UNHEARD: {
    message: 'Run {id} has {most} signals "{name}" that no wait of it has taken yet; it takes no more of them for now.',
    http: 409,
    retryable: true,
  },
  MESSAGES_UNREAD: {
    message: 'Run {id} has {most} messages that it has not read yet; it takes no more of them for now.',
    http: 409,
    retryable: true,
  },
  CONTEXT_NOT_UPDATABLE: { message: 'The context of run {id} cannot be updated: {reason}', http: 409, retryable: false },
  INJECTION_INVALID: { message: 'The nodes to inject do not fit: {reason}', http: 400, retryable: false },
  INJECTION_NOT_ALLOWED: { message: 'Not injected: {reason}', http: 403, retryable: false },
  INJECTION_HANDLER_UNKNOWN: { message: 'There is no handler "{handler}". What may be injected: {allowed}.', http: 404, retryable: false },
  INJECTION_ID_TAKEN: { message: 'The id "{id}" is that of {by}. Give the node to inject another one.', http: 409, retryable: false },
  INJECTION_LIMIT: { message: 'A run of this workflow takes {max} injected nodes, and this would be more.', http: 409, retryable: false },
  INJECTION_TOO_LATE: {
    message: 'Nothing is injected at "{point}" any more: the run has gone on, or it is being ended.',
    http: 409,
    retryable: false,
  },
  RUN_NOT_RETRYABLE: { message: 'Run {id} cannot be retried: {reason}', http: 409, retryable: false },
  SESSION_NOT_FOUND: { message: 'There is no session "{name}".', http: 404, retryable: false },
  SESSION_EXISTS: { message: 'There is a session "{name}" already. Give the new one another name.', http: 409, retryable: false },
  SESSION_CLOSED: { message: 'Session "{name}" is {state}; it takes no {what}.', http: 409, retryable: false },
  NO_DEAD_LETTER: { message: 'Run {id} is no dead letter: {reason}', http: 409, retryable: false },
  RUN_NOT_FORKABLE: { message: 'Run {id} cannot be forked: {reason}', http: 409, retryable: false },
  CHECKPOINT_NOT_FOUND: { message: 'Run {id} has no checkpoint {seq}, or it was pruned.', http: 404, retryable: false },
  MIGRATION_NOT_FOUND: {
    message:
      'Version {to} of "{workflow}", as this server has it, has no plan for runs of version {from}. Give it one (migrations: migrateFrom) and deploy.',
    http: 404,
    retryable: false,
  },
  CHECKPOINT_MALFORMED: { message: 'This is no checkpoint. Hand over the whole text, as it was exported.', http: 400, retryable: false },
  CHECKPOINT_TAMPERED: {
    message: 'The checkpoint was changed, or was not exported here. Export it again.',
    http: 400,
    retryable: false,
  },
  CHECKPOINT_EXPIRED: { message: 'The checkpoint of run {id} was good until {until}. Export it again.', http: 409, retryable: false },
  CHECKPOINT_STEP_UNKNOWN: {
    message:
      'The checkpoint of run {id} stands behind "{path}", which version {version} of workflow "{workflow}" no longer has. Fork the run from another node.',
    http: 409,
    retryable: false,
  },
  CHECKPOINT_GRAPH_CHANGED: {
    message:
      'Version {version} of workflow "{workflow}" has changed since the checkpoint of run {id} was exported. Look at the run, and export it again.',
    http: 409,
    retryable: false,
  },
  CHECKPOINT_USED: {
    message: 'A run has gone on from this checkpoint of run {id} already. Export it again for another one.',
    http: 409,
    retryable: false,
  },
  CHECKPOINT_CARRIED: { message: 'Run {id} was carried to installation {to}. It goes on there.', http: 409, retryable: false },
  CHECKPOINT_ELSEWHERE: {
    message: 'The run {id} was carried to installation {to}, which is another one. Take the text there.',
    http: 409,
    retryable: false,
  },
  RUN_NOT_CARRIED: { message: 'Run {id} cannot be carried elsewhere: {reason}', http: 409, retryable: false },
  TASK_NOT_FOUND: { message: 'There is no task {id}.', http: 404, retryable: false },
  TASK_CLOSED: { message: 'This task is already {status}{by}.', http: 409, retryable: false },
  UNDO_OVER: { message: 'This decision can no longer be taken back: its run has been told.', http: 409, retryable: false },
  TASK_CLAIMED: { message: 'This task is claimed by {by} until {until}.', http: 409, retryable: true },
  TASK_NOT_CLAIMED: { message: 'Claim this task first; only its holder may change it.', http: 409, retryable: false },
  TASK_OWN_WORK: { message: '{who} started this run, or what led to it; somebody else has to decide{whom}.', http: 403, retryable: false },
  TASK_NOT_PERMITTED: { message: '{who} may not decide this: {reason}', http: 403, retryable: false },
  TASK_PERMISSION_UNKNOWN: { message: 'Whether {who} may decide task {id} could not be found out: {reason}', http: 403, retryable: true },
  TASK_FOR_OTHERS: { message: 'This task is for others: {whom}.', http: 403, retryable: false },
  LINK_INVALID: { message: 'This link is not good, or not any more. Ask for a new one.', http: 404, retryable: false },
  LINK_FOR_OTHERS: { message: 'This link is for somebody else. Sign in as whoever it was sent to.', http: 403, retryable: false },
  LINK_USED: { message: 'This link has been used. What was decided stands at the task.', http: 410, retryable: false },
  LINK_EXPIRED: { message: 'This link is too old. Decide the task in your inbox.', http: 410, retryable: false },
  TOO_MANY_LINKS: { message: 'Too many links were opened from here. Try again in {seconds} s.', http: 429, retryable: true },
  NOTIFICATION_NOT_FOUND: { message: 'There is no message {id} to you that could not be delivered.', http: 404, retryable: false },
  VIEW_NOT_FOUND: { message: 'There is no view {id} that you could use or change.', http: 404, retryable: false },
  VIEW_NAME_TAKEN: {
    message: 'You have a view "{name}" already. Choose another name, or save over that one.',
    http: 409,
    retryable: false,
  },
  VIEW_BROKEN: { message: 'The view "{name}" shows nothing: {reason} Change it, or delete it.', http: 409, retryable: false },
  VERSION_CONFLICT: {
    message: 'This was changed meanwhile (you saw version {expected}, it is version {actual}). Look at the newer one and try again.',
    http: 409,
    retryable: true,
  },
  ANSWER_INVALID: { message: 'The answer does not fit the form.', http: 400, retryable: false },
  SCREEN_NOT_FOUND: {
    message:
      'This version of Stepwell no longer has the screen "{screen}" of workflow "{workflow}", so it cannot check the answer. Start a version that has it, or cancel the task.',
    http: 409,
    retryable: false,
  },
  DOCUMENT_NOT_FOUND: { message: 'There is no document {id}.', http: 404, retryable: false },
  UPLOAD_TOO_LARGE: {
    message: 'This upload is larger than {limit} bytes, which is the limit. Send less at a time.',
    http: 413,
    retryable: false,
  },
  TOO_MANY_FILES: {
    message: 'This upload has more than {limit} files, which is the limit. Send fewer at a time.',
    http: 413,
    retryable: false,
  },
  FILE_TOO_LARGE: { message: '"{fileName}" is larger than {limit} bytes, which is the limit.', http: 413, retryable: false },
  FILE_TYPE_REFUSED: { message: '"{fileName}" is {found}. What is taken here: {types}.', http: 415, retryable: false },
  ASYNC_RESULT_NOT_FOUND: { message: 'There is no async result {id}.', http: 404, retryable: false },
  ASYNC_RESULT_SETTLED: { message: 'Async result {id} was settled before; the first result counts.', http: 409, retryable: false },
  SIGNATURE_INVALID: { message: 'The signature of this callback URL is not valid.', http: 403, retryable: false },
  PAGE_SIZE_INVALID: { message: 'Ask for 1 to 100 items a page (first: {first}).', http: 400, retryable: false },
  CURSOR_INVALID: { message: 'The cursor is not one of ours; start again from the first page.', http: 400, retryable: false },
  QUERY_TOO_DEEP: {
    message: 'This operation has fields within fields more than {limit} deep, which is the limit. Ask for what lies deeper by its id.',
    http: 400,
    retryable: false,
  },
  QUERY_TOO_COSTLY: {
    message: 'This operation {reason}; the limit is {limit}. Ask for less: a smaller "first", fewer lists within lists, fewer aliases.',
    http: 400,
    retryable: false,
  },
  TOO_MANY_SUBSCRIPTIONS: {
    message: 'This socket has {limit} subscriptions, which is the limit. End one of them, or open another socket.',
    http: 429,
    retryable: true,
  },
  DATABASE_UNAVAILABLE: {
    message: 'The database does not answer. Try again in a moment.',
    http: 503,
    retryable: true,
  },
  // Bugs: what it was is in the server's log, under the same number
  INTERNAL: { message: 'The server made a mistake. Its log says more under number {id}.', http: 500, retryable: false },
  // Faults of a step
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

export type ErrorCode = keyof typeof ERRORS;
