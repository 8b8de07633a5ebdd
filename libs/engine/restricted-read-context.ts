/** A run as the handler of a step with an access policy may read it. What is denied is not there. */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import type { AccessPolicy, CaughtError, ReadContext, Signal, Type } from '@stepwell/sdk';
import type { GraphNode } from './graph/graph.js';
import { GraphReadContext } from './read-context.js';

type Token = string | Type<unknown>;

/** All of a run, or what an access policy leaves of it. */
export type RunReader = GraphReadContext | RestrictedReadContext;

/** @returns the reader itself where there is no policy */
export function restricted(read: GraphReadContext, access: AccessPolicy | null, stepId: string): RunReader {
  return access ? new RestrictedReadContext(read, access, stepId) : read;
}

class RestrictedReadContext implements ReadContext<never> {
  readonly input: never;
  declare readonly tenant: string;
  declare readonly runId: string;
  declare readonly actor: Actor | null;
  readonly #read: GraphReadContext;
  readonly #access: AccessPolicy;
  readonly #stepId: string;

  constructor(read: GraphReadContext, access: AccessPolicy, stepId: string) {
    this.#read = read;
    this.#access = access;
    this.#stepId = stepId;
    this.input = (access.input ? pick(read.input, access.input) : read.input) as never;
    if (access.runtime) Object.assign(this, { tenant: read.tenant, runId: read.runId });
    if (access.audit) Object.assign(this, { actor: read.actor });
  }

  resultOf = (token: Token, id?: string): never => this.#allowed(token, id).resultOf(token, id);
  maybeResultOf = (token: Token, id?: string): never => this.#allowed(token, id).maybeResultOf(token, id);
  taskOf = (screenId: string): string | undefined => this.#allowed(screenId).taskOf(screenId);
  answerOf = this.resultOf;
  maybeAnswerOf = this.maybeResultOf;

  get item(): never {
    return this.#items('ctx.item').item;
  }

  get index(): number {
    return this.#items('ctx.index').index;
  }

  get error(): CaughtError {
    return this.#items('ctx.error').error;
  }

  get maybeError(): CaughtError | undefined {
    return this.#items('ctx.maybeError').maybeError;
  }

  lastSignal = (signal: Signal<unknown>): never => this.#items(`lastSignal("${signal.name}")`).lastSignal(signal);
  itemOf = (forEachId: string): never => this.#items(`itemOf("${forEachId}")`).itemOf(forEachId);
  previousOf = (loopId: string): never => this.#items(`previousOf("${loopId}")`).previousOf(loopId);

  #allowed(token: Token, id?: string): GraphReadContext {
    const node: GraphNode = this.#read.nodeOf(token, id);
    if (this.#access.results?.includes(node.id) !== false) return this.#read;
    throw this.#denied(`the result of "${node.id}"`);
  }

  #items(what: string): GraphReadContext {
    if (this.#access.items) return this.#read;
    throw this.#denied(what);
  }

  #denied(what: string): StepwellError {
    return new StepwellError('ACCESS_DENIED', { id: this.#stepId, what });
  }
}

/** A copy with these fields and no other, each by its path. */
function pick(value: Json, paths: readonly string[]): Json {
  const picked: Record<string, Json> = {};
  const outermost = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
  for (const path of outermost) {
    const names = path.split('.');
    const found = names.reduce<Json | undefined>(fieldOf, value);
    if (found !== undefined) put(picked, names, found);
  }
  return picked;
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name);
  return isObject ? (value as Record<string, Json>)[name] : undefined;
}

function put(into: Record<string, Json>, [name = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) into[name] = value;
  else put((into[name] ??= {}) as Record<string, Json>, rest, value);
}
