/**
 * The caller's side of a service: one request, and what is to be made of a failure. Four kinds must be told apart, or a step is tried again
 * that never can succeed, or does twice what must be done once.
 *
 *   4xx                                it will never be accepted             TerminalError, with the service's own code
 *   429                                later, and it says when               RetryAfterError
 *   503, connection refused            nothing was done; later, perhaps      Error, with a code
 *   other 5xx, the line went dead      nobody knows whether it was done      UnknownEffectError
 */
import { RetryAfterError, TerminalError, UnknownEffectError } from '@stepwell/sdk';

export interface RequestOptions {
  /** Ends the request when its step is over: `ctx.signal`. */
  readonly signal: AbortSignal;
  /** By which the service knows a repeat: `ctx.idempotencyKey`. */
  readonly idempotencyKey?: string;
  /** What the caller is known by. */
  readonly token?: string;
}

export class NotNowError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

export class HttpApi {
  /** @param address without a slash at its end */
  constructor(private readonly address: string) {}

  /** @returns what the service answered; undefined for a 404 */
  async get<T>(path: string, options: RequestOptions): Promise<T | undefined> {
    const response = await this.request(path, { method: 'GET' }, options);
    return response.status === 404 ? undefined : answerOf<T>(response);
  }

  async post<T>(path: string, body: object, options: RequestOptions): Promise<T> {
    return answerOf<T>(await this.request(path, { method: 'POST', body: JSON.stringify(body) }, options));
  }

  private async request(path: string, init: RequestInit, { signal, idempotencyKey, token }: RequestOptions): Promise<Response> {
    const headers = new Headers({ 'content-type': 'application/json' });
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    try {
      return await fetch(`${this.address}${path}`, { ...init, signal, headers });
    } catch (error) {
      if (signal.aborted) throw error;
      if (codeOf((error as Error).cause) === 'ECONNREFUSED') throw new NotNowError(`Nobody listens at ${this.address}.`, 'ECONNREFUSED');
      throw new UnknownEffectError(`The line to ${this.address} went dead.`, { cause: error });
    }
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const { url, status } = response;
  if (status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    throw new RetryAfterError(`${url} asks for ${seconds} s of patience.`, seconds * 1_000, { code: 'TOO_MANY_REQUESTS' });
  }
  if (status === 503) throw new NotNowError(`${url} is not available.`, 'UNAVAILABLE');
  if (status >= 500) throw new UnknownEffectError(`${url} answers ${status}: what it has done is not known.`);
  const code = codeOf(await response.json().catch(() => undefined)) ?? `HTTP_${status}`;
  throw new TerminalError(`${url} refuses: ${code}.`, { code });
}

function codeOf(value: unknown): string | undefined {
  const code = (value as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
