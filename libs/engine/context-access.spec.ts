import { StepwellError } from '@stepwell/contracts';
import { type ContextAccess, Step, type StepContext, type StepHandler, workflow } from '@stepwell/sdk';
import { type DriverStepContext, RunDriver } from './testing/run-driver.js';

const INPUT = { total: 7, customer: { name: 'Ada', email: 'ada@example.org' }, card: '4111' };

@Step({ id: 'look' })
class Look implements StepHandler<unknown> {
  run(ctx: StepContext): unknown {
    return Look.sees(ctx as unknown as DriverStepContext);
  }
  static sees: (ctx: DriverStepContext) => unknown;
}

async function seen(access: ContextAccess, sees: (ctx: DriverStepContext) => unknown): Promise<unknown> {
  Look.sees = (ctx) => sees(ctx) ?? null;
  const flow = workflow<unknown>('order', { version: 1 })
    .then('triage', () => 'urgent')
    .then('price', () => 9)
    .then(Look as never, { id: 'look', access, params: (ctx: unknown) => ({ read: codeOf(() => sees(ctx as never)) }) } as never);
  const driver = RunDriver.of(flow, { input: INPUT });
  await driver.settle();
  return driver.state.fault?.code ?? driver.state.output;
}

function codeOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof StepwellError ? error.code : String(error);
  }
}

describe('the context access of a step', () => {
  it.each<[string, ContextAccess, (ctx: DriverStepContext) => unknown, unknown]>([
    ['all of the input without a policy of it', { config: false }, ({ input }) => input, INPUT],
    ['none of it', { data: false }, ({ input }) => input, {}],
    ['some fields of it', { data: { input: ['total', 'customer.email', 'gone.away'] } }, ({ input }) => input, { total: 7, customer: { email: 'ada@example.org' } }],
    ['a field and one below it', { data: { input: ['customer', 'customer.email'] } }, ({ input }) => input, { customer: INPUT.customer }],
    ['an allowed result', { data: { results: ['triage'] } }, (ctx) => ctx.resultOf('triage'), 'urgent'],
    ['no other result', { data: { results: ['triage'] } }, (ctx) => ctx.resultOf('price'), 'ACCESS_DENIED'],
    ['no result at all', { data: { input: ['total'] } }, (ctx) => ctx.maybeResultOf('triage'), 'ACCESS_DENIED'],
    ['no error of a catch', { data: { input: ['total'] } }, (ctx) => ctx.maybeError, 'ACCESS_DENIED'],
    ['not who started it', { audit: false }, (ctx) => 'actor' in ctx, false],
    ['not which run it is', { runtime: false }, (ctx) => ['runId' in ctx, 'tenant' in ctx], [false, false]],
  ])('lets its handler see %s', async (_what, access, sees, expected) => {
    expect(await seen(access, sees)).toEqual(expected);
  }); // prettier-ignore

  it('holds for what its params read, too', async () => {
    expect(await seen({ data: { input: ['total'] } }, (ctx) => ctx.params ?? ctx.input)).toEqual({ read: { total: 7 } });
  });

  it('leaves nothing on the context by which the rest could be reached', async () => {
    const reach = (value: unknown, seenBefore = new Set()): string => {
      if (typeof value !== 'object' || value === null || seenBefore.has(value)) return String(value);
      seenBefore.add(value);
      return Reflect.ownKeys(value).map((key) => codeOf(() => reach((value as Record<PropertyKey, unknown>)[key], seenBefore))).join(' '); // prettier-ignore
    };
    expect(await seen({ data: { input: ['total'] } }, (ctx) => reach(ctx).includes('4111'))).toBe(false);
  });

  it.each<[object, string]>([
    [{ data: { input: 'total' } }, "access.data.input is a list of fields, such as ['customer.email']."],
    [{ audit: ['actor'] }, 'access.audit is true or false.'],
    [{ secrets: false }, 'access.secrets is no section; there are data, config, audit and runtime.'],
  ])('refuses %j at boot', (access, sentence) => {
    const build = () => workflow('order', { version: 1 }).then('look', () => 1, { access: access }); // prettier-ignore
    expect(build).toThrow(`Workflow "order", step "look": ${sentence}`);
  });

  it('names only nodes and settings that are there', () => {
    const flow = (access: ContextAccess) => RunDriver.of(workflow('order', { version: 1, config: { region: 'eu' } }).then('look', () => 1, { access })); // prettier-ignore
    expect(() => flow({ data: { results: ['triage'] } })).toThrow(
      'Workflow "order", step "look": access.data.results names "triage", but there is no such node.',
    );
    expect(() => flow({ config: ['stripeKey'] })).toThrow(
      'Workflow "order", step "look": access.config names "stripeKey", but the workflow\'s config has region.',
    );
  });
});
