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
/** @param spec that has it */
const byOption = (spec: string): string => `of an option of a step or a workflow that no workflow here has; ${spec} has it`;
/** Facts that the random schedules must have seen. */
const IN_SCHEDULES = byOption('libs/engine/schedules.spec.ts');

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
  'run.stopped': byOption('libs/testing/stops.spec.ts'),
  'step.passed': byOption('test/engine/portable-checkpoints.int-spec.ts'),
  'attempt.progress': 'of a step that says how far it is; test/engine/values.int-spec.ts has it',
  'checkpoint.saved': 'of a step that saves checkpoints; test/engine/saved-checkpoints.int-spec.ts has it',
  'child.refused': IN_SCHEDULES,
  'deadline.passed': IN_SCHEDULES,
  'effect.begun': IN_SCHEDULES,
  'effect.unknown': IN_SCHEDULES,
  'effect.unverified': byOption('libs/engine/kinds/external-effect.spec.ts'),
  'event.declined': byOption('test/engine/events.int-spec.ts'),
  'interceptor.failed': byOption('test/engine/interceptors.int-spec.ts'),
  'signal-wait.timed-out': byOption('libs/engine/kinds/wait-for-signal.kind.spec.ts'),
  'stand-in.failed': byOption('libs/engine/kinds/step-policies.spec.ts'),
  'step.skipped': IN_SCHEDULES,
};
