// Options that stand where a handler is placed in a graph, and are looked for at its decorator. The specs see to it that the places take them.

/** Of `.screen(...)`. */
export const PLACED_SCREEN = [
  'due',
  'followUp',
  'undoWindow',
  'ownWork',
  'reviews',
  'priority',
  'prioritizedBy',
  'escalate',
  'columns',
  'assignee',
  'candidateUsers',
  'candidateGroups',
] as const;

/** Of `.then(...)`, beside those that the decorator takes, too. */
export const PLACED_STEP = [
  'params',
  'compensate',
  'columns',
  'when',
  'delay',
  'deadline',
  'onFailure',
  'idempotency',
  'cache',
  'access',
  'delivery',
  'checkpoint',
] as const;

/** Of the class of a screen. */
export const SCREEN_FIELDS = ['answer', 'props', 'subject', 'suggest', 'links', 'bulk', 'mayDecide'] as const;

export const inGraph = (call: string) => (option: string) => `the place in the graph: ${call.replace('...', `{ ${option}: ... }`)}`;
