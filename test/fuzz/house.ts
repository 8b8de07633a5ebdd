/** The server under fuzz as its clients see it: who may ask, what there is to ask about, and what it has acknowledged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Acknowledged } from './acknowledged.js';
import { leaks } from './edge.js';
import type { Ready, Wish } from './server-process.js';

/** Whoever waits longer waits for nothing: no answer takes seconds, also on a busy machine. */
const HANG_MS = 60_000;

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const ROLES = ['admin', 'operator', 'reviewer', 'stranger', 'key', 'nobody'] as const;
export type Who = (typeof ROLES)[number];
export const EVERYBODY: readonly Who[] = ROLES;

export class House {
  /** What it printed. */
  private printed = '';
  private exit: string | undefined;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly pool: pg.Pool;
  readonly acknowledged = new Acknowledged();
  readonly slowest = { ms: 0, what: '' };
  /** What stands for `@{name}`. */
  private readonly things: Record<string, string>;

  private constructor(
    private readonly process: ChildProcess,
    readonly ready: Ready,
    takeOutput: (listener: (text: string) => void) => void,
  ) {
    this.pool = new pg.Pool({ connectionString: ready.databaseUrl, max: 2 });
    this.pool.on('error', () => undefined);
    this.things = { ...ready.seed, unsubscribe: ready.unsubscribe };
    takeOutput((text) => (this.printed += text));
    process.once('exit', (code, signal) => (this.exit = `${signal ?? code}`));
  }

  /** Needs STEPWELL_TEST_ADMIN_URL. */
  static async open(): Promise<House> {
    const child = spawn(
      process.execPath,
      ['--no-warnings', '--enable-source-maps', '--import', '@swc-node/register/esm-register', 'test/fuzz/server-process.ts'],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    );
    let early = '';
    let listen = (text: string): void => void (early += text);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => listen(chunk.toString()));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`The server did not start:\n${early}`);
    });
    const [{ ready }] = (await Promise.race([once(child, 'message'), ended])) as [{ ready: Ready }];
    ended.catch(() => undefined);
    const house = new House(child, ready, (listener) => {
      listener(early);
      listen = listener;
    });
    return house;
  }

  /** @param text with `@{task}` and the like */
  resolved(text: string): string {
    return text.includes('@{') ? text.replace(/@\{(\w+)\}/g, (_all, name: string) => this.things[name] ?? name) : text;
  }

  /** The names that may stand in `@{}`. */
  get names(): readonly string[] {
    return Object.keys(this.things);
  }

  headersOf(who: Who): Readonly<Record<string, string>> {
    if (who === 'nobody') return {};
    return who === 'key' ? { authorization: `Bearer ${this.ready.apiKey}` } : { cookie: this.ready.cookies[who] ?? '' };
  }

  /** @throws Error when there is no answer: the server hung, or cut the line */
  async send({ method, path, headers = {}, body }: Sent): Promise<Answer> {
    const { hostname, port } = new URL(this.ready.url);
    const began = performance.now();
    const content = typeof body === 'string' ? Buffer.from(this.resolved(body)) : body;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const sending = request({
        ...{ agent: this.agent, hostname, port, method, path: this.resolved(path) },
        headers: { ...(content ? { 'content-length': String(content.length) } : {}), ...headers },
        signal: AbortSignal.timeout(HANG_MS),
      });
      sending.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      sending.once('error', reject);
      sending.end(content);
    });
    const ms = performance.now() - began;
    if (ms > this.slowest.ms)
      Object.assign(this.slowest, { ms, what: `${method} ${path.slice(0, 80)} ${String(body ?? '').slice(0, 300)}` });
    return answer;
  }

  async ask(query: string, variables: Readonly<Record<string, unknown>> = {}, who: Who = 'admin') {
    const { text } = await this.send({
      ...{ method: 'POST', path: '/graphql', body: JSON.stringify({ query, variables }) },
      headers: { ...this.headersOf(who), 'content-type': 'application/json', 'x-stepwell-csrf': '1' },
    });
    const { data, errors } = JSON.parse(text) as { data: Record<string, any> | null; errors?: unknown }; // eslint-disable-line @typescript-eslint/no-explicit-any -- each caller knows what it asked for
    if (!data || errors) throw new Error(`${query}: ${text}`);
    return data;
  }

  /** Something new to ask about: an order whose task is open, a failed run, one that waits for a result; the answers come late. */
  async replenish(): Promise<void> {
    const [run, failed] = await Promise.all(['orders', 'failing'].map((workflow) => this.start(workflow)));
    const task = await this.until(async () => (await this.tasksOf(run ?? ''))[0]);
    const spare = (await this.wish<string>('session')).replace('stepwell=', '');
    Object.assign(this.things, { run, failed, task: task.id, spare });
    await this.leaveWork(task.id);
    await this.awaitResult();
  }

  /** What people leave behind, and have to find again whatever is sent meanwhile: a draft, a comment, a key, a document. */
  private async leaveWork(task: string): Promise<void> {
    await this.does('claimTask', { id: task }, 'task { id }');
    await this.does('saveTaskDraft', { id: task, expectedDraftVersion: 0, draft: { note: 'half done' } }, 'task { id draftVersion }');
    await this.does('releaseTask', { id: task }, 'task { id }');
    await this.does('commentOnTask', { taskId: task, text: 'Seen.' }, 'comment { id }');
    await this.does('createApiKey', { name: 'left', role: 'reviewer', expiresInDays: 1 }, 'apiKey { id }');
    const { text } = await this.send({
      ...{ method: 'POST', path: '/documents', headers: { ...this.headersOf('admin'), ...FORM.headers, 'x-stepwell-csrf': '1' } },
      body: FORM.body,
    });
    for (const { id } of JSON.parse(text) as { id: string }[]) this.acknowledged.row('documents', id);
  }

  /** As the admin. What is refused is no fault: somebody else may have come first. */
  private async does(name: string, given: Readonly<Record<string, unknown>>, selection: string): Promise<void> {
    const literals = Object.entries(given).map(([key, value]) => `${key}: ${literalOf(value)}`);
    const { [name]: payload } = await this.ask(`mutation { ${name}(${literals.join(', ')}) { errors { code } ${selection} } }`);
    if (payload.errors.length === 0) this.acknowledged.mutation(name, given, payload);
  }

  /** Another result that a run waits for. */
  async awaitResult(): Promise<void> {
    const known = (await this.wish<string[]>('callbacks')).length;
    const asking = await this.start('asking');
    const callback = new URL(await this.until(async () => (await this.wish<string[]>('callbacks'))[known]));
    Object.assign(this.things, {
      asking,
      callback: `${callback.pathname}${callback.search}`,
      asyncResult: callback.pathname.split('/').at(-1),
    });
  }

  /** Starts an order, decides it, and sees it end: the server still does what it is for. */
  async handleOrder(run: string | undefined = undefined): Promise<void> {
    const id = run ?? (await this.start('orders'));
    // Whoever is fuzzing may hold the task.
    const take =
      'mutation ($id: ID!, $v: Int!) { claimTask(id: $id) { errors { code } } takeOverTask(id: $id, expectedVersion: $v) { errors { code } } }';
    await this.until(async () => {
      const { status } = (await this.ask('query ($id: ID!) { run(id: $id) { status } }', { id })).run;
      if (status === 'completed') return true;
      for (const isTaken of [false, false, true]) {
        const [task] = await this.tasksOf(id);
        if (!task) continue;
        if (!isTaken) await this.ask(take, { id: task.id, v: task.version });
        else await this.does('completeTask', { id: task.id, expectedVersion: task.version, answer: { verdict: 'approve' } }, 'task { id status }'); // prettier-ignore
      }
      return false;
    });
  }

  async start(workflow: string): Promise<string> {
    const input = workflow === 'orders' ? { id: 'fuzz', quantity: 1 } : null;
    const { startRun } = await this.ask(
      'mutation ($w: String!, $i: JSON) { startRun(workflow: $w, input: $i) { run { id } errors { code message } } }',
      { w: workflow, i: input },
    );
    if (!startRun.run) throw new Error(`"${workflow}" was not started: ${JSON.stringify(startRun.errors)}`);
    this.acknowledged.mutation('startRun', { workflow }, startRun);
    return startRun.run.id;
  }

  /** @returns what was acknowledged and is not there */
  lost(): Promise<string[]> {
    return this.acknowledged.lost(this.pool);
  }

  /** Waits until nothing goes on by itself. @returns whether it came to that: if not, the auditor says what is under way */
  async isAtRest(): Promise<boolean> {
    for (const began = performance.now(); performance.now() - began < HANG_MS; await delay(200)) {
      const { rows } = await this.pool.query(GOING);
      if (rows.length === 0) return true;
    }
    return false;
  }

  /** @returns what the server printed that it should not have, and whether it has ended */
  complaints(secrets: readonly string[]): string[] {
    const found = [
      ...this.printed.matchAll(
        /Number [0-9a-f-]{36}: .*|Nobody handled.*|Internal error occurred.*|Uncaught.*|UnhandledPromise.*|FATAL.*/g,
      ),
    ].map(([line]) => `The log: ${line.slice(0, 400)}`);
    const shown = [
      ...secrets,
      this.ready.apiKey,
      ...Object.values(this.ready.cookies).map((cookie) => cookie.replace('stepwell=', '')),
    ].filter((secret) => this.printed.includes(secret));
    return [
      ...(this.exit === undefined ? [] : [`The server has ended by itself: ${this.exit}\n${this.printed.slice(-2_000)}`]),
      ...new Set(found),
      ...shown.map((secret) => `The log shows a secret: ${secret.slice(0, 12)}...`),
    ];
  }

  get output(): string {
    return this.printed;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.pool.end();
    if (this.exit !== undefined) return;
    const ended = once(this.process, 'exit');
    this.process.send('end' satisfies Wish);
    await ended;
  }

  async audited<T>(look: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      return await look(client);
    } finally {
      client.release();
    }
  }

  private async tasksOf(run: string): Promise<{ id: string; version: number }[]> {
    return (await this.ask('query ($id: ID!) { run(id: $id) { tasks { id version } } }', { id: run })).run.tasks;
  }

  /** What the emitter of fed.module.ts reads next, as JSON. */
  async feed(text: string): Promise<void> {
    await this.wish<true>({ feed: text });
  }

  private wish<T>(wish: Exclude<Wish, 'end'>): Promise<T> {
    const key = typeof wish === 'string' ? wish : 'fed';
    return new Promise((resolve) => {
      const listen = (message: Record<string, unknown>): void => {
        if (!(key in message)) return;
        this.process.off('message', listen);
        resolve(message[key] as T);
      };
      this.process.on('message', listen);
      this.process.send(wish);
    });
  }

  async until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
    for (const began = performance.now(); performance.now() - began < 4 * HANG_MS; await delay(50)) {
      const found = await look();
      if (found) return found;
    }
    throw new Error(`The server does not do its work any more. It printed:\n${this.printed.slice(-2_000)}`);
  }
}

/** One document, as a browser sends it. */
const FORM = {
  headers: { 'content-type': 'multipart/form-data; boundary=left' },
  body: '--left\r\ncontent-disposition: form-data; name="files"; filename="left.txt"\r\ncontent-type: text/plain\r\n\r\nleft\r\n--left--\r\n',
};

/** Written into a document; names of an enum have no quotes. */
function literalOf(value: unknown): string {
  if (value === 'reviewer') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, of]) => `${key}: ${literalOf(of)}`).join(', ')}}`; // prettier-ignore
}

/** What is on its way, and waits for nobody. */
const GOING = `SELECT FROM runs WHERE status IN ('queued', 'running')
  UNION ALL SELECT FROM inbox i JOIN runs r ON r.tenant = i.tenant AND r.id = i.run_id WHERE r.status <> 'paused' AND i.held_until IS NULL
  UNION ALL SELECT FROM outbox UNION ALL SELECT FROM events WHERE NOT routed UNION ALL SELECT FROM event_deliveries WHERE status = 'pending'
  LIMIT 1`;

/** @returns what is wrong with any answer of HTTP */
export function faultsOf({ status, text }: Answer): string[] {
  return [...(status >= 500 || status === 0 ? [`Answered with ${status}: ${text.slice(0, 300)}`] : []), ...leaks(text)];
}
