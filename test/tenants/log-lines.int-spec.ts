/** Two tenants at work in one process: each line of its log, and each span, that is about a run of one names that one, whatever the author says. */
import { RunStatus } from '@stepwell/contracts';
import type { SpanDraft, Tracing } from '@stepwell/runtime';
import { type StepContext, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, until } from '../engine/engine.js';

const TENANTS = ['default', 'acme'] as const;
const spans: SpanDraft[] = [];
const write = (span: SpanDraft) => void spans.push(span);
const tracing: Tracing = { write, writeRun: write, within: (_span, work) => work(), stop: () => Promise.resolve() };

/** Attempts that are timed out, and come back all the same. */
const late: (() => void)[] = [];

const WORKFLOWS = [
  workflow<unknown>('says', { version: 1 }).then('say', (ctx) =>
    ctx.logger.warn('It is somebody else.', { tenant: 'other', runId: 'other', stepId: 'other', attempt: 9, more: 1 }),
  ),
  workflow<unknown>('throws-late', { version: 1 }).then('throw', async (ctx: StepContext<unknown>) => {
    await ctx.transaction(() => Promise.resolve(null));
    throw new Error('Too late.');
  }),
  workflow<unknown>('comes-late', { version: 1 }).then('come', () => new Promise<void>((come) => late.push(come)), { timeout: '20ms' }),
];
const EXPECTED = [
  'It is somebody else.',
  'The step failed after its transaction had completed it',
  'A closed attempt came back; its result is discarded',
];

describe('two tenants in one process', () => {
  let engine: Engine;
  const tenantOf = new Map<string, string>();
  beforeAll(async () => {
    engine = await startEngine({ workflows: WORKFLOWS, tracing: () => tracing });
    for (const tenant of TENANTS)
      for (const name of ['says', 'throws-late', 'comes-late']) {
        const { runId } = await engine.runs.start({ tenant, workflow: name, input: null, actor: null });
        tenantOf.set(runId, tenant);
        await engine.waitFor(runId, RunStatus.completed, RunStatus.failed);
      }
    for (const come of late) come();
    const ofEach = () => TENANTS.flatMap((tenant) => engine.process.log.filter(({ fields }) => fields?.['tenant'] === tenant).map(({ message }) => `${tenant}: ${message}`)); // prettier-ignore
    const wanted = TENANTS.flatMap((tenant) => EXPECTED.map((message) => `${tenant}: ${message}`));
    await until(ofEach, (told) => wanted.every((line) => told.includes(line)), `The log should have ${wanted.join('; ')}`);
  });
  afterAll(() => engine.close());

  it('have lines of their own: who names a run names its tenant', () => {
    const about = engine.process.log.map((line) => ({
      ...line,
      runs: [...tenantOf.keys()].filter((id) => JSON.stringify(line).includes(id)),
    }));
    expect(about.filter(({ runs }) => runs.length > 0).length).toBeGreaterThanOrEqual(TENANTS.length * EXPECTED.length);
    for (const { fields, runs } of about) expect(runs.map((id) => tenantOf.get(id))).toEqual(runs.map(() => fields?.['tenant']));
  });

  it('have lines in which the author says what he likes, but not whose they are', () => {
    const said = engine.process.log.filter(({ message }) => message === EXPECTED[0]).map(({ fields }) => fields);
    expect(said).toEqual(TENANTS.map((tenant) => expect.objectContaining({ tenant, stepId: 'say', attempt: 1, more: 1 }) as unknown));
  });

  it('have spans of their own', () => {
    expect(spans.length).toBeGreaterThanOrEqual(tenantOf.size * 2);
    for (const { attributes } of spans) expect(attributes['stepwell.tenant']).toBe(tenantOf.get(String(attributes['stepwell.run.id'])));
  });
});
