import { Step } from './decorators.js';
import type { StepHandler } from './handlers.js';
import './nodes/step.node.js';
import { stepPolicy, type StepPolicies } from './step-policies.js';
import { workflow } from './workflow.js';

it.each<[StepPolicies | object, string]>([
  [{ delay: 'soon' }, 'here, delay: "soon" is not a duration. Write "15m", "2h" or "PT15M".'],
  [{ deadline: '-1h' }, 'here, deadline: the duration "-1h" is negative.'],
  [{ deadline: {} }, 'here, deadline: "" is not a duration. Write "15m", "2h" or "PT15M".'],
  [{ delay: '2h', deadline: 'PT2H' }, 'here: the deadline counts from when the step is reached, so it is longer than its delay.'],
  [{ deadline: { after: '1h', onBreach: 'slack' } }, 'here: deadline.onBreach is a function, such as (failure, ctx) => ({ late: true }).'],
  [{ output: { type: 'objekt' } }, 'here: output is a class or a JSON Schema; this one is refused: schema is invalid: data/type'],
  [
    { output: { propertys: {} } },
    'here: output is a class or a JSON Schema; this one is refused: strict mode: unknown keyword: "propertys".',
  ],
  [{ heartbeatTimeout: 'often' }, 'here, heartbeatTimeout: "often" is not a duration. Write "15m", "2h" or "PT15M".'],
  [{ externalEffect: { verify: true } }, 'here: externalEffect is true, or { verify } with a function of the context.'],
  [{ delivery: 'stream' }, "here: delivery is 'durable', 'direct', 'checkpoint' or { mode: 'checkpoint', checkpointInterval, batchSize }."],
  [
    { delivery: { mode: 'checkpoint', batchSize: 0 } },
    'here: checkpointInterval and batchSize are whole numbers from 1, and together at most 1000 items.',
  ],
  [
    { delivery: { mode: 'checkpoint', batchSize: 500, checkpointInterval: 500 } },
    'here: checkpointInterval and batchSize are whole numbers from 1, and together at most 1000 items.',
  ],
  [{ delivery: 'direct', checkpoint: true }, "here: checkpoint: true and delivery: 'direct' contradict each other."],
  [{ checkpoint: 'yes' }, 'here: checkpoint is true, or left out.'],
  [{ cache: { key: () => 'x' } }, 'here, cache.ttl: "" is not a duration. Write "15m", "2h" or "PT15M".'],
  [{ idempotency: {} }, "here: idempotency.key is missing; it is a function, such as (ctx) => 'order:' + ctx.input.orderId."],
  [{ when: true }, 'here: when is a function, such as (ctx) => ctx.input.total > 100.'],
  [{ onFailure: { rate: 1 } }, 'here: onFailure is a function, such as (failure, ctx) => ({ rate: null }).'],
])('refuses %j at boot', (options, sentence) => {
  expect(() => stepPolicy(options as StepPolicies, 'here')).toThrow(sentence);
});

it.each([
  [{ priority: 11 }, 'step "ship", priority: it is 11; a priority is a whole number from -10 to 10.'],
  [{ queue: 'by hand' }, 'step "ship", queue: it is "by hand"; a queue\'s name has up to 64 letters, digits, "-" and "_".'],
])('refuses %j at its place and at its handler', (options, sentence) => {
  expect(() => workflow('order', { version: 1 }).then('ship', () => 1, options)).toThrow(`Workflow "order", ${sentence}`);
  expect(() => Step({ id: 'ship', ...options })).toThrow(sentence.replace('step', '@Step'));
});

it('refuses two answers to what becomes of a step out of attempts', () => {
  const build = () => workflow('order', { version: 1 }).then('ship', () => 1, { onExhausted: 'park', onFailure: () => 2 }); // prettier-ignore
  expect(build).toThrow(
    'Workflow "order", step "ship": onFailure and onExhausted: \'park\' both say what becomes of a step out of attempts.',
  );
});

it('refuses a handler that could verify its effect, but is never asked', () => {
  @Step({ id: 'charge' })
  class Charge implements StepHandler<string> {
    run = () => 'charged';
    verify(): 'unknown' {
      return 'unknown';
    }
  }
  const build = (externalEffect?: true) => workflow('order', { version: 1 }).then(Charge, externalEffect ? { externalEffect } : {});
  expect(() => build()).toThrow('Workflow "order", step "charge": Charge has a method verify, which is asked only of a step with');
  expect(() => build(true)).not.toThrow();
});

it('writes an effect outside at once', () => {
  const build = () => workflow('order', { version: 1 }).then('charge', () => 1, { externalEffect: true, delivery: 'direct' }); // prettier-ignore
  expect(build).toThrow(`Workflow "order", step "charge": a step with an externalEffect is written at once; leave out delivery: 'direct'.`);
});

it('has no undo for what other runs use', () => {
  @Step({ id: 'refund' })
  class Refund {
    run() {
      return null;
    }
  }
  const build = () => workflow('order', { version: 1 }).then('charge', () => 1, { idempotency: { key: () => 'A' }, compensate: Refund }); // prettier-ignore
  expect(build).toThrow(`Workflow "order", step "charge": what other runs use, too (idempotency, cache), is not for one of them to undo.`);
});
