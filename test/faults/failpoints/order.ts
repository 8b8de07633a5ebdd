/**
 * Named failpoints: places before and after each hot statement, and before and after the COMMIT of each transaction, by the names that the
 * statements have. `flush:after kill 30` means: at the thirtieth flush from now on, when the database has said that it is committed and
 * nobody else knows, the process ends itself.
 */
export const PLACES = ['before', 'sent', 'after'] as const;
/** `before`: nothing was sent. `sent`: it is on its way, and its answer will never be seen. `after`: the answer has come, and nobody has seen it. */
export type Place = (typeof PLACES)[number];

/** `kill`: kill -9 of oneself. `stop`: SIGSTOP of oneself, until somebody says SIGCONT. `drop`: a notification is not heard. Else an SQLSTATE that the statement fails with. */
export type Action = 'kill' | 'stop' | 'drop' | SqlState;
export const SQLSTATES = ['40001', '40P01', '55P03', '57014', '57P01'] as const;
export type SqlState = (typeof SQLSTATES)[number];

/**
 * What workers say to the database all the time, as far as it changes anything or what follows depends on it. `commit` is the COMMIT of a
 * transaction, whichever. A statement that stands here nowhere is in cold-statements.ts, with a reason.
 */
export const WORKER_STATEMENTS = [
  ...['flush', 'flush-with-inbox', 'flush-with-effects', 'flush-with-withdrawals', 'flush-with-escalations', 'put-blob'],
  ...['claim-runs', 'claim-runs-with-permits', 'claim-runs-with-shares', 'take-over-runs', 'give-back', 'next-due', 'heartbeat', 'commit'],
  ...['claim-dispatches', 'end-dispatch', 'take-over-dispatches', 'give-dispatch-back'],
  ...['event-work', 'route-events', 'claim-deliveries', 'settle-deliveries', 'reserve-keys', 'look-up-waits', 'deliver-to-waits'],
  ...['deliver-outbox', 'insert-runs'],
  ...['lock-run', 'take-key', 'finish-key', 'claim-record-keys', 'move-emitter-cursor', 'insert-emission-reads'],
  ...['lock-schedule', 'insert-slots', 'settle-until', 'read-journal', 'read-journals-that-fit', 'read-inbox'],
] as const;
export const SERVER_STATEMENTS = [
  ...['insert-runs', 'insert-event', 'decide-task', 'review-task', 'append-inbox', 'settle-async-result', 'settle-async-results'],
  ...['retry-runs', 'commit'],
] as const;
/** Stands for what LISTEN brings. */
export const NOTIFICATION = 'notification';

export interface Order {
  /** The name of a statement; or `commit`, or `notification`. */
  readonly statement: string;
  readonly place: Place;
  readonly action: Action;
  /** At the so-manieth time from now on. */
  readonly nth: number;
  /** So often in a row from then on; 1 for a kill or a stop. */
  readonly times: number;
}

/** As the environment has it: `flush:after:kill:30`, several with commas. */
export function parseOrders(text: string): Order[] {
  return text.split(',').map((one) => {
    const [statement = '', place = '', action = '', nth = '1', times = '1'] = one.split(':');
    return { statement, place: place as Place, action: action as Action, nth: Number(nth), times: Number(times) };
  });
}

export function formatOrder({ statement, place, action }: Pick<Order, 'statement' | 'place' | 'action'>): string {
  return `${statement}:${place}:${action}`;
}
