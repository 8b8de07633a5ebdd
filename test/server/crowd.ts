/** Many clients of one server at once, with one session: each has a connection of its own when it asks, and waits for its answer. */
import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

/** An answer that takes longer is none. */
const HANGS_MS = 120_000;

export class Crowd {
  private readonly agent = new Agent({ keepAlive: false });
  private cookie = '';

  constructor(private readonly url: string) {}

  async signIn(name: string, password: string): Promise<void> {
    const headers = { 'content-type': 'application/json', 'x-stepwell-csrf': '1' };
    const answer = await fetch(`${this.url}/auth/sign-in`, { method: 'POST', headers, body: JSON.stringify({ name, password }) });
    if (answer.status !== 204) throw new Error(`${name} was not signed in: ${answer.status}`);
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** @returns status 0 and the reason when there was no answer */
  post(path: string, body: object): Promise<Answer> {
    const text = JSON.stringify(body);
    const headers = {
      ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      ...{ 'x-stepwell-csrf': '1', cookie: this.cookie },
    };
    return new Promise((resolve) => {
      const failed = (error: Error): void => resolve({ status: 0, retryAfter: undefined, body: error.message });
      const signal = AbortSignal.timeout(HANGS_MS);
      const asked = request(`${this.url}${path}`, { agent: this.agent, method: 'POST', headers, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', failed);
        response.once('end', () => {
          const { statusCode: status = 0, headers: said } = response;
          resolve({ status, retryAfter: said['retry-after'], body: parsed(Buffer.concat(chunks).toString('utf8')) });
        });
      });
      asked.once('error', failed);
      asked.end(text);
    });
  }

  leave(): void {
    this.agent.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
