import './nodes/step.node.js';
import { secret } from './config.js';
import { definitionOf, workflow } from './workflow.js';

it.each(['stripe', 'STRIPE-KEY', '', '1KEY'])('a secret is not named %j', (name) => {
  expect(() => secret(name)).toThrow(`secret("${name}"): the name of a secret has capitals, digits and "_" only, such as STRIPE_KEY.`);
});

it('a setting is JSON or a secret', () => {
  const flow = workflow('paid', { version: 1, config: { since: new Date(0) as never } }).then('pay', () => 1);
  expect(() => definitionOf(flow)).toThrow(/^Workflow "paid", config: at .*It takes JSON, or secret\('NAME'\)\.$/);
});

it('a definition shows no more of a secret than that there is one', () => {
  const flow = workflow('paid', { version: 1, config: { key: secret('STRIPE_KEY') } }).then('pay', () => 1);
  expect(JSON.stringify(definitionOf(flow).config)).toBe('{"key":{}}');
});
