/** The operations of the load, each as one request with what its answer means. What no client could do anything with is told as it is: it is a fault of the system. */
import type { Answer, Client } from './client.js';
import type { Asked, Journal } from './journal.js';

export interface Keys {
  readonly operator: string;
  /** Three people; two of them race for every task that one decides. */
  readonly deciders: readonly [string, string, string];
}

type Result = Readonly<Record<string, unknown>>;

export class Operations {
  /** Answers that a client of good manners must never get. */
  readonly wrong: string[] = [];

  constructor(
    private readonly client: Client,
    private readonly journal: Journal,
    private readonly keys: Keys,
  ) {}

  /** @param sharedKey which another tenant uses, too @returns the run */
  async start(
    workflow: string,
    input: Readonly<Record<string, unknown>>,
    sharedKey?: string,
  ): Promise<{ readonly op: number; readonly runId: string } | undefined> {
    const op = this.journal.next();
    const key = sharedKey ?? `faults-${op}`;
    const asked = { kind: 'start', about: { workflow, key } } as const;
    const body = { input: { op, ...input }, idempotencyKey: key };
    const result = await this.client.operate(op, asked, `/workflows/${workflow}/start`, this.keys.operator, body, (answer) =>
      this.byRest(answer),
    );
    return result && { op, runId: String(result['runId']) };
  }

  /** As somebody does who did not wait for the answer, and asks once more behind it: all requests are one operation. */
  async startAgain(workflow: string, input: Readonly<Record<string, unknown>>): Promise<void> {
    const op = this.journal.next();
    const key = `faults-${op}`;
    const asked = { kind: 'start', about: { workflow, key } } as const;
    const body = { input: { op, ...input }, idempotencyKey: key };
    const path = `/workflows/${workflow}/start`;
    await Promise.all([
      this.client.operate(op, asked, path, this.keys.operator, body, (answer) => this.byRest(answer)),
      this.client.ask(path, this.keys.operator, body),
    ]);
    await this.client.ask(path, this.keys.operator, body);
  }

  /** @param about the operation whose run it is for; its own by default */
  emit(name: string, weight: number, about?: number): Promise<Result | undefined> {
    const op = this.journal.next();
    const key = `faults-${op}`;
    const body = { payload: { op: about ?? op, weight }, idempotencyKey: key };
    return this.client.operate(op, { kind: 'emit', about: { name, key } }, `/events/${name}`, this.keys.operator, body, (answer) =>
      this.byRest(answer),
    );
  }

  decide(task: { readonly id: string; readonly version: number }, who: 0 | 1): Promise<Result | undefined> {
    const op = this.journal.next();
    const answer = { verdict: who === 0 ? 'yes' : 'no', by: `faults-${op}` };
    const variables = { id: task.id, version: task.version, answer, key: `faults-${op}` };
    return this.mutate(op, { kind: 'decide', about: { task: task.id, answer } }, this.keys.deciders[who], DECIDE, variables, ['TASK_CLOSED']); // prettier-ignore
  }

  /** One of several answers to a task: who comes second is told to look again. */
  review(task: { readonly id: string; readonly version: number }, who: 0 | 1 | 2, verdict: 'yes' | 'no'): Promise<Result | undefined> {
    const op = this.journal.next();
    const answer = { verdict, by: `faults-${op}` };
    const variables = { id: task.id, version: task.version, answer, key: `faults-${op}` };
    return this.mutate(op, { kind: 'review', about: { task: task.id, answer } }, this.keys.deciders[who], DECIDE, variables, ['VERSION_CONFLICT', 'TASK_CLOSED']); // prettier-ignore
  }

  /** As an outside service does that was given the address. @param isGood else it says that it could not be done */
  callBack(runId: string, callbackUrl: string, isGood: boolean): Promise<Result | undefined> {
    const op = this.journal.next();
    const { pathname, search } = new URL(callbackUrl);
    const body = isGood ? { result: op } : { error: refusedBy(op) };
    return this.client.operate(op, settling(op, runId, isGood), `${pathname}${search}`, this.keys.operator, body, (answer) => {
      if (answer.status === 204) return { won: true };
      const { code } = (answer.body ?? {}) as { code?: string };
      return code !== undefined && SETTLED_BEFORE.includes(code) ? { won: false, code } : this.byRest(answer);
    });
  }

  /** As an operator does in its place. */
  settle(runId: string, id: string, isGood: boolean): Promise<Result | undefined> {
    const op = this.journal.next();
    const variables = { id, ...(isGood ? { result: op } : { error: refusedBy(op) }) };
    return this.mutate(op, settling(op, runId, isGood), this.keys.operator, SETTLE, variables, SETTLED_BEFORE);
  }

  inject(runId: string): Promise<Result | undefined> {
    const op = this.journal.next();
    const nodes = [{ id: `add-${op}`, handler: 'add', params: { number: op } }];
    return this.mutate(op, { kind: 'inject', about: { run: runId } }, this.keys.operator, INJECT, {
      id: runId,
      nodes,
      key: `faults-${op}`,
    });
  }

  /** Whose answer was lost may ask again of a run that has ended by it. */
  signal(runId: string): Promise<Result | undefined> {
    const op = this.journal.next();
    return this.mutate(op, { kind: 'signal', about: { run: runId } }, this.keys.operator, SIGNAL, { id: runId, payload: { op } }, [
      'RUN_ENDED',
    ]);
  }

  cancel(runId: string): Promise<Result | undefined> {
    const op = this.journal.next();
    return this.mutate(op, { kind: 'cancel', about: { run: runId } }, this.keys.operator, CANCEL, { id: runId }, ['RUN_ENDED']);
  }

  retry(runId: string): Promise<Result | undefined> {
    const op = this.journal.next();
    return this.mutate(op, { kind: 'retry', about: { run: runId } }, this.keys.operator, RETRY, { id: runId });
  }

  private mutate(
    op: number,
    asked: Parameters<Client['operate']>[1],
    key: string,
    query: string,
    variables: object,
    refusals: readonly string[] = [],
  ) {
    return this.client.operate(op, asked, '/graphql', key, { query, variables }, (answer) => this.byGraphql(answer, refusals));
  }

  private byRest({ status, body }: Answer): Result | undefined {
    if (status === 200 || status === 201) return body as Result;
    if (!isForLater(body)) this.wrong.push(`${status} ${JSON.stringify(body)}`);
    return undefined;
  }

  private byGraphql({ status, body }: Answer, refusals: readonly string[]): Result | undefined {
    const { data, errors } = body as {
      data?: { done: { errors: { code: string; task?: { answer: unknown } | null }[]; id?: { id: string } | null } } | null;
      errors?: { extensions?: unknown }[];
    };
    if (status !== 200 || errors || !data) {
      // Where nobody can be asked who it is, the answer is none of GraphQL's.
      const isLater = errors ? errors.length > 0 && errors.every(({ extensions }) => isForLater(extensions)) : isForLater(body);
      if (!isLater) this.wrong.push(`${status} ${JSON.stringify(errors ?? body)}`);
      return undefined;
    }
    const [refused] = data.done.errors;
    if (!refused) return { won: true, id: data.done.id?.id ?? null };
    if (!refusals.includes(refused.code)) this.wrong.push(JSON.stringify(data.done.errors));
    return { won: false, code: refused.code, ...(refused.task ? { answer: refused.task.answer } : {}) };
  }
}

/** What may be said to somebody of good manners while harm is done: that the same may be taken later. INTERNAL is a bug of the server, whatever is done to it. */
const FOR_LATER: ReadonlySet<unknown> = new Set(['DATABASE_UNAVAILABLE', 'OVERLOADED', 'QUEUE_FULL', 'TENANT_QUEUE_FULL']);

function isForLater(about: unknown): boolean {
  return FOR_LATER.has((about as { code?: unknown } | null | undefined)?.code);
}

/** By the same request, whose answer was lost, or by another one. */
const SETTLED_BEFORE = ['ASYNC_RESULT_SETTLED', 'RUN_ENDED'];
const refusedBy = (op: number): string => `refused-${op}`;
/** `value` is what the run comes to by it. */
function settling(op: number, run: string, isGood: boolean): Asked {
  return { kind: 'settle', about: { run, value: isGood ? op : -op } };
}

const DECIDE = `mutation ($id: ID!, $version: Int!, $answer: JSON!, $key: String!) {
  done: completeTask(id: $id, expectedVersion: $version, answer: $answer, idempotencyKey: $key) { errors { code ... on TaskClosed { task { answer } } } id: task { id } } }`;
const SIGNAL = `mutation ($id: ID!, $payload: JSON) { done: signalRun(id: $id, name: "tell", payload: $payload) { errors { code } id: run { id } } }`;
const CANCEL = `mutation ($id: ID!) { done: cancelRun(id: $id, reason: "The load says so.") { errors { code } id: run { id } } }`;
const SETTLE = `mutation ($id: ID!, $result: JSON, $error: String) { done: settleAsyncResult(id: $id, result: $result, error: $error) { errors { code } } }`;
const INJECT = `mutation ($id: ID!, $nodes: [InjectedNodeInput!]!, $key: String) { done: injectNodes(id: $id, nodes: $nodes, idempotencyKey: $key) { errors { code } id: run { id } } }`;
const RETRY = `mutation ($id: ID!) { done: retryRun(id: $id, reason: "It is mended.") { errors { code } id: run { id } } }`;
