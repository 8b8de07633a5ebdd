/**
 * What one event does at one listener: the listener's own code decides, outside any transaction, and the answer is checked. Nothing here
 * touches the database.
 */
import { type FieldError, findNonJson } from '@stepwell/contracts';
import {
  type ClaimedDelivery,
  DEFAULT_QUEUE,
  type HostedWorkflow,
  type NewRun,
  startTerms,
  type Verdict,
  type WorkflowCatalog,
} from '@stepwell/engine';
import { RetryAfterError, retryAfterMs, type StartDecision, type StartOn, TerminalError, validated } from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';

/** The first try included. With the pauses below, a listener has some 15 seconds to get over what ails it. */
export const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;

/** Asks the listener. Never throws: what the listener throws becomes a verdict. */
export async function startVerdict(
  catalog: WorkflowCatalog,
  listener: StartOn<unknown>,
  delivery: ClaimedDelivery,
  timeoutMs: number,
): Promise<Verdict> {
  try {
    const decision = await inTime(decide(listener, delivery), timeoutMs);
    // `undefined` is what a listener without a return says: it has not asked for a run.
    if (decision === null || decision === undefined) return { kind: 'declined' };
    const id = uuidV7();
    const hosted = catalog.toStart(delivery.workflow, { id, input: decision.input ?? null });
    const problem = await problemOf(hosted, decision);
    if (problem !== undefined) return { kind: 'failed', error: problem };
    return { kind: 'start', run: newRun(hosted, id, delivery, decision), onceKey: onceKey(listener, delivery) };
  } catch (error) {
    return failure(error, delivery.attempts + 1);
  }
}

// Async, so that a listener that throws at once rejects like any other.
async function decide(listener: StartOn<unknown>, delivery: ClaimedDelivery): Promise<StartDecision<unknown> | undefined> {
  return listener.decide({
    id: delivery.event_id,
    name: delivery.name,
    payload: delivery.payload as never,
    emittedAt: new Date(delivery.emitted_at).toISOString(),
    idempotencyKey: delivery.idempotency_key,
    runId: delivery.source_run,
  });
}

async function problemOf({ definition }: HostedWorkflow, decision: NonNullable<StartDecision<unknown>>): Promise<string | undefined> {
  const { input = null, idempotencyKey } = decision;
  const bad = findNonJson(input) ?? findNonJson(idempotencyKey ?? null);
  if (bad) return `The input is not JSON: at ${bad.path}, ${bad.reason}.`;
  if (!definition.input) return undefined;
  const checked = await validated(definition.input as never, input);
  return checked.ok ? undefined : `The input does not fit: ${checked.fields.map(fieldText).join('; ')}.`;
}

function fieldText({ path, message }: FieldError): string {
  return `${path === '' ? 'input' : path}: ${message}`;
}

function newRun(
  { definition }: HostedWorkflow,
  id: string,
  delivery: ClaimedDelivery,
  decision: NonNullable<StartDecision<unknown>>,
): NewRun {
  return {
    tenant: delivery.tenant,
    id,
    workflow: definition.name,
    version: definition.version,
    queue: DEFAULT_QUEUE,
    worker: null,
    startedBy: 'event',
    actor: null,
    causeEvent: delivery.event_id,
    causeRun: delivery.source_run,
    key: decision.idempotencyKey ?? null,
    input: JSON.stringify(decision.input ?? null),
    ...startTerms(definition, decision.input ?? null),
  };
}

function onceKey(listener: StartOn<unknown>, { name, idempotency_key: key }: ClaimedDelivery): string | null {
  return listener.once && key !== null ? `event:${name}:${key}` : null;
}

function failure(error: unknown, attempt: number): Verdict {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const text = storable(message);
  if (error instanceof TerminalError || attempt >= MAX_ATTEMPTS) return { kind: 'failed', error: text };
  const pauseMs = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  return { kind: 'retry', error: text, delayMs: error instanceof RetryAfterError ? Math.max(pauseMs, retryAfterMs(error)) : pauseMs };
}

/** What a listener throws may hold anything; PostgreSQL refuses NUL and half surrogate pairs, and nobody reads more than this. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '�').slice(0, 2_000).toWellFormed();
}

async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The listener did not answer within ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
