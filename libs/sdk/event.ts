/** A named, immutable fact that starts, wakes or cancels runs. `P` is the type of its payload and exists at compile time only. */
export interface Event<P> {
  readonly name: string;
  /** True when it is emitted from outside (the API), so that no hosted workflow needs to emit it. */
  readonly external: boolean;
  readonly __payload?: P;
}

/**
 * Declares an event.
 *
 * @param name past tense, dotted: `strike.reviewed`
 */
export function event<P>(name: string, options: { external?: boolean } = {}): Event<P> {
  return { name, external: options.external ?? false };
}

/** An event as a listener sees it. */
export interface EmittedEvent<P> {
  readonly id: string;
  readonly name: string;
  readonly payload: P;
  /** ISO 8601. */
  readonly emittedAt: string;
  readonly idempotencyKey: string | null;
  /** The run that emitted it; `null` when it came from outside. */
  readonly runId: string | null;
}

/** Fields of an event's payload and the values they must have, such as `{ orderId: 'A-7' }`; all of them must fit. */
export type EventMatch<P> = { readonly [Field in keyof P]?: P[Field] };

/** What a `startOn` listener answers: the input of the run to start, or `null` to decline. */
export type StartDecision<In> = { readonly input: In; readonly idempotencyKey?: string } | null;

/** One event that starts a workflow. Build it with `on`. */
export interface StartOn<In> {
  readonly event: string;
  readonly decide: (event: EmittedEvent<never>) => StartDecision<In> | Promise<StartDecision<In>>;
  readonly once: boolean;
  /** The event comes from outside, so that no hosted workflow needs to emit it. */
  readonly external: boolean;
}

/**
 * Starts the workflow when `event` is emitted and `decide` returns an input.
 *
 * Two emits with one idempotency key are two events and start two runs: the key is for tracing. With `once: true` this listener
 * takes only the first event of each idempotency key.
 */
export function on<P, In>(
  source: Event<P>,
  decide: (event: EmittedEvent<P>) => StartDecision<In> | Promise<StartDecision<In>>,
  options: { once?: boolean } = {},
): StartOn<In> {
  return { event: source.name, decide, once: options.once ?? false, external: source.external };
}

/** An event that cancels live runs of a workflow. Build it with `cancelBy`. */
export interface CancelOn<In> {
  readonly event: string;
  readonly external: boolean;
  readonly match: (input: In) => unknown;
}

/**
 * Cancels a run when `source` is emitted after its start with a payload that fits:
 * `cancelOn: [cancelBy(OrderCanceled, (input: Order) => ({ orderId: input.orderId }))]`.
 *
 * @param match fields of the payload and what they must be, by the run's input; `{}` for every event of the name
 */
export function cancelBy<P, In>(source: Event<P>, match: (input: In) => EventMatch<NoInfer<P>>): CancelOn<In> {
  return { event: source.name, external: source.external, match };
}
