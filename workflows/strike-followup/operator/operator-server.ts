/**
 * The outside service of the example: operators get letters by `POST /letters` and answer later, by a POST to the callback URL that came
 * with the letter. It stands for somebody else's system, so it shares nothing with the workflow but HTTP, and it is slow and fails as
 * such systems do (letter-fate.ts).
 *
 *   202  taken; the callback follows        400  no letter        503  not now
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LetterOffice, type LetterOutcome, type LetterRequest } from './letter-office.js';

/** A letter is three short strings. */
const MAX_BODY_BYTES = 16_384;
/** Long enough for the receiver to be restarted; after that the waiting step's own time-out takes over. */
const CALLBACK_PAUSES_MS = [500, 2_000, 5_000];

export interface OperatorServerOptions {
  /** Calls `work` after `delayMs`, never at once; tests make it short. Returns a function that calls it off. */
  readonly later?: (work: () => void, delayMs: number) => () => void;
}

export class OperatorServer {
  private readonly office = new LetterOffice();
  private readonly pending = new Set<() => void>();
  private readonly closing = new AbortController();
  private readonly later: NonNullable<OperatorServerOptions['later']>;
  private readonly server: Server;

  constructor(options: OperatorServerOptions = {}) {
    this.later = options.later ?? afterDelay;
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** Listens on a free port of the loopback address. @returns the service's address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve());
    });
    // What waits for an answer is in the database; this socket alone must not keep a process alive.
    this.server.unref();
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Stops listening and forgets what is under way. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const callOff of this.pending) callOff();
    this.pending.clear();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method !== 'POST' || request.url !== '/letters') return reply(response, 404, { error: 'Only POST /letters is served.' });
      const letter = readLetter(await readBody(request));
      if (!letter) return reply(response, 400, { error: 'A letter has reportId, idempotencyKey and an http callbackUrl.' });
      const taken = this.office.accept(letter);
      if (taken.refused) return reply(response, 503, { error: 'The letter office is closed. Try again later.' });
      const { deliverInMs } = taken;
      if (deliverInMs !== null) this.schedule(() => this.deliver(letter.idempotencyKey), deliverInMs);
      reply(response, 202, { letter: letter.idempotencyKey });
    } catch {
      // The client hung up or sent too much: there is nobody left to answer.
      response.destroy();
    }
  }

  private deliver(idempotencyKey: string): void {
    const delivery = this.office.deliver(idempotencyKey);
    if (delivery) void this.callBack(delivery.callbackUrl, delivery.outcome, 0);
  }

  private async callBack(url: string, outcome: LetterOutcome, tries: number): Promise<void> {
    const isReceived = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(outcome),
      signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(10_000)]),
    }).then(
      // A refusal (the result was settled before, the run has ended) is an answer too; only a failing receiver is asked again.
      (response) => response.status < 500,
      () => false,
    );
    const pause = CALLBACK_PAUSES_MS[tries];
    if (isReceived || pause === undefined || this.closing.signal.aborted) return;
    this.schedule(() => void this.callBack(url, outcome, tries + 1), pause);
  }

  private schedule(work: () => void, delayMs: number): void {
    const callOff = this.later(() => {
      this.pending.delete(callOff);
      work();
    }, delayMs);
    this.pending.add(callOff);
  }
}

function afterDelay(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs).unref();
  return () => clearTimeout(timer);
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readLetter(body: string): LetterRequest | undefined {
  try {
    const { reportId, idempotencyKey, callbackUrl } = JSON.parse(body) as Record<keyof LetterRequest, unknown>;
    if (typeof reportId !== 'string' || typeof idempotencyKey !== 'string' || typeof callbackUrl !== 'string') return undefined;
    return /^https?:$/.test(new URL(callbackUrl).protocol) ? { reportId, idempotencyKey, callbackUrl } : undefined;
  } catch {
    return undefined;
  }
}
