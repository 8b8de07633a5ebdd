/** A canary among the secrets: it reaches the step that it is for, and nothing that anybody keeps, whatever that step does with it. */
import { RunStatus } from '@stepwell/contracts';
import { event, secret, type StepContext, workflow } from '@stepwell/sdk';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentSecrets, type SpanDraft, type Tracing } from '@stepwell/runtime';
import { type Engine, startEngine } from './engine.js';

const CANARY = 'sk_canary_"7f3a"\\9c1e';
const FROM_FILE = 'file_canary_42d1';
const Told = event<{ key: string }>('test.told');
const keyOf = (ctx: StepContext<unknown>) => ctx.config['key'] as string;
const used: unknown[] = [];
/** All that is ever said of spans. */
const spans: SpanDraft[] = [];
const write = (span: SpanDraft) => void spans.push(span);
const tracing: Tracing = { write, writeRun: write, within: (_span, work) => work(), stop: () => Promise.resolve() };

const leaking = (name: string, run: (ctx: StepContext<unknown>) => unknown) =>
  workflow<unknown>(name, { version: 1, config: { region: 'eu', key: secret('CANARY'), other: secret('FROM_FILE') } }).then('leak', run);

const WORKFLOWS = [
  leaking('uses', (ctx) => {
    used.push({ ...ctx.config });
    return { region: ctx.config['region'] as string };
  }),
  leaking('throws', (ctx) => {
    throw Object.assign(new Error(`Invalid key ${keyOf(ctx)}`), { code: 'X' });
  }),
  leaking('returns', (ctx) => ({ nested: [`Bearer ${keyOf(ctx)}`] })),
  leaking('emits', (ctx) => ctx.emit(Told, { key: keyOf(ctx) })),
  leaking('logs', (ctx) => {
    ctx.logger.warn(`with ${keyOf(ctx)}`, { headers: { authorization: keyOf(ctx) } });
    ctx.progress(1, 2, `with ${keyOf(ctx)}`);
  }),
  leaking('transacts', (ctx) => ctx.transaction(async () => ({ key: keyOf(ctx) }))),
  workflow<unknown>('stands-in', { version: 1, config: { key: secret('CANARY') } }).then('leak', () => Promise.reject(new Error('no')), {
    onFailure: (_failure, ctx) => {
      throw new Error(keyOf(ctx));
    },
  }),
  workflow<unknown>('denied', { version: 1, config: { key: secret('CANARY'), region: 'eu' } }).then(
    'look',
    (ctx) => Object.keys(ctx.config),
    {
      access: { config: ['region'] },
    },
  ),
  workflow<unknown>('missing', { version: 1, config: { key: secret('NOWHERE') } }).then('look', () => 1),
];

describe('secrets', () => {
  let engine: Engine;
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-secrets-'));
  beforeAll(async () => {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, JSON.stringify({ FROM_FILE, CANARY: 'the environment goes before' }));
    const secrets = new EnvironmentSecrets({ STEPWELL_SECRET_CANARY: CANARY }, file);
    engine = await startEngine({ workflows: WORKFLOWS, secrets, worker: { reportMs: 5 }, tracing: () => tracing });
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  const run = async (name: string, status: RunStatus) => {
    const runId = await engine.start(name);
    return { runId, row: await engine.waitFor(runId, status) };
  };

  it('are in ctx.config of the step, from the environment and from the file', async () => {
    const { runId } = await run('uses', RunStatus.completed);
    expect(used).toEqual([{ region: 'eu', key: CANARY, other: FROM_FILE }]);
    expect(await engine.output(runId)).toEqual({ region: 'eu' });
  });

  it('are taken out of what the step throws', async () => {
    const { row } = await run('throws', RunStatus.failed);
    expect(row).toMatchObject({ error_code: 'X', error_message: 'Invalid key [secret CANARY]' });
    expect((await run('stands-in', RunStatus.failed)).row.error_message).toBe('no Its onFailure failed too: [secret CANARY]');
  });

  it.each(['returns', 'emits', 'transacts'])('fail the step for good that would have one kept (%s)', async (name) => {
    const { row } = await run(name, RunStatus.failed);
    expect(row.error_code).toBe('SECRET_EXPOSED');
  });

  it('are not there where they are denied, and said to be missing where nobody has them', async () => {
    expect(await engine.output((await run('denied', RunStatus.completed)).runId)).toEqual(['region']);
    const { row } = await run('missing', RunStatus.failed);
    expect(row.error_message).toContain('STEPWELL_SECRET_NOWHERE');
  });

  it('are in no log, no span, and in no row of the database', async () => {
    await run('logs', RunStatus.completed);
    expect(JSON.stringify(engine.process.log)).toContain('[secret CANARY]');
    const tables = await engine.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const rows = await Promise.all(tables.map(({ name }) => engine.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)));
    expect(spans.map(({ error }) => error)).toContain('SECRET_EXPOSED');
    const everything = JSON.stringify([engine.process.log, spans, rows]);
    for (const canary of ['canary_', '7f3a', '42d1']) expect(everything).not.toContain(canary);
    expect(everything).toContain('SECRET_EXPOSED');
  });
});
