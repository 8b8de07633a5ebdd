/** The facts that each campaign meets, however short; and the others, each with a reason why not. A fact type that is in neither fails scenes.spec.ts. */
export const MET = [
  ...['run.started', 'run.ended', 'retry.started', 'cancel.requested', 'ending.began', 'cancel-on.started'],
  ...['step.ready', 'step.completed', 'step.dispatched', 'attempt.failed', 'attempt.suspended', 'async-result.settled'],
  ...['node.entered', 'branch.chosen', 'items.listed', 'page.listed', 'loop.turned', 'race.won', 'failure.caught'],
  ...['nodes.injected', 'inject.turned', 'child.started', 'child.ended', 'batch.emitted'],
  ...['wait.started', 'wait.completed', 'event-wait.started', 'event-wait.timed-out', 'event.arrived', 'event.consumed', 'event.emitted'],
  ...['signal-wait.started', 'signal.received', 'signal.heard', 'task.opened', 'task.completed', 'task.escalated'],
] as const;

const BY_LUCK = 'only when one thing comes just before another, or takes long enough';
const BY_AN_OPERATOR = 'by an operator, for one run';
const BY_OPTION = 'of an option of a step or a workflow that no workflow here has; libs/engine/schedules.spec.ts has it';

export const OTHERS: Readonly<Record<string, string>> = {
  'attempt.started': BY_LUCK,
  'attempt.discarded': BY_LUCK,
  'message.ignored': BY_LUCK,
  'key.held': BY_LUCK,
  'node.failed': BY_LUCK,
  'branches.canceled': BY_LUCK,
  'injection.refused': BY_LUCK,
  'undoing.began': BY_LUCK,
  'evaluation.failed': 'of code of the author that throws or ends its process while a graph is read',
  'incident.opened': 'of steps that end their process; the campaign asks for those by itself',
  'incident.resolved': BY_AN_OPERATOR,
  'incident.retried': BY_AN_OPERATOR,
  'context.updated': BY_AN_OPERATOR,
  'fork.started': BY_AN_OPERATOR,
  'migration.undone': BY_AN_OPERATOR,
  'run.migrated': BY_AN_OPERATOR,
  'run.paused': BY_AN_OPERATOR,
  'run.resumed': BY_AN_OPERATOR,
  'run.carried': BY_AN_OPERATOR,
  'stop.lifted': BY_AN_OPERATOR,
  'run.stopped': BY_OPTION,
  'step.passed': BY_OPTION,
  'attempt.progress': BY_OPTION,
  'checkpoint.saved': BY_OPTION,
  'child.refused': BY_OPTION,
  'deadline.passed': BY_OPTION,
  'effect.begun': BY_OPTION,
  'effect.unknown': BY_OPTION,
  'effect.unverified': BY_OPTION,
  'event.declined': BY_OPTION,
  'interceptor.failed': BY_OPTION,
  'signal-wait.timed-out': BY_OPTION,
  'stand-in.failed': BY_OPTION,
  'step.skipped': BY_OPTION,
};
