/**
 * The example workflows with some of the tests' own: a claim with files and a field that no form shows, a digest on a schedule, a payout
 * that fails when its account is wrong, and a filing at a registry (registry.ts) that is parked when the registry does not answer, a courier who
 * is sent by an event, a grant that is stopped behind its first step, and a lease in two versions, of which hardly a run begins on the newer one.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { IsInt, IsOptional, Length, Min } from 'class-validator';
  class Claim {}
  const field = (name, ...decorators) => decorators.forEach((decorator) => decorator(Claim.prototype, name));
  field('reference', Length(1, 40));
  field('amount', IsInt(), Min(1));
  field('report', sdk.DocumentField({ types: ['application/pdf'], maxBytes: 100_000 }));
  field('photos', IsOptional(), sdk.DocumentListField({ types: ['image/*'], maxCount: 3 }));
  field('channel', sdk.HiddenField(), Length(1, 20));

  class Payout {}
  const payoutField = (name, ...decorators) => decorators.forEach((decorator) => decorator(Payout.prototype, name));
  payoutField('account', Length(3, 34));
  payoutField('amount', IsInt(), Min(1));
  const pay = ({ input }) => {
    if (!input.account.startsWith('CH')) throw new sdk.TerminalError('There is no account ' + input.account + '.');
    return { paid: input.amount };
  };

  class StopBehindCheck {
    async onStepComplete({ stepName, stop }) {
      if (stepName === 'check') stop();
    }
  }

  const ParcelSent = sdk.event('parcel.sent', { external: true });

  const fileAtRegistry = async ({ input, idempotencyKey, signal }) => {
    const response = await fetch(input.registry, { method: 'POST', headers: { 'idempotency-key': idempotencyKey }, body: input.claim, signal });
    if (!response.ok) throw new Error('The registry answered ' + response.status + ': ' + (await response.text()));
    return response.json();
  };
`;

const WORKFLOWS = `
  sdk.workflow('claim', { version: 1, title: 'Handle a claim', input: Claim }).wait('30d'),
  sdk.workflow('digest', { version: 1, title: 'Send the digest', schedule: { cron: '0 6 * * 1-5', zone: 'Europe/Zurich' } }).wait('30d'),
  sdk.workflow('filing', { version: 1, title: 'File a claim' })
    .then('check', ({ input }) => ({ claim: input.claim, complete: true }))
    .then('file', fileAtRegistry, { retry: { attempts: 2, backoff: '10ms' }, onExhausted: 'park' })
    .then('confirm', (ctx) => ({ letter: 'Filed as ' + ctx.resultOf('file').number })),
  sdk.workflow('payout', { version: 1, title: 'Pay out', input: Payout })
    .then('check', ({ input }) => ({ amount: input.amount }))
    .then('pay', pay),
  sdk.workflow('courier', { version: 1, title: 'Send a courier', startOn: [sdk.on(ParcelSent, ({ payload }) => ({ input: payload }))] })
    .then('ride', ({ input }) => ({ brought: input.parcel })),
  sdk.workflow('grant', { version: 1, title: 'Pay a grant', interceptors: [StopBehindCheck] })
    .then('check', () => 'sound').then('pay', () => 'paid'),
  sdk.workflow('lease', { version: 1, title: 'Let a flat' }).then('check', () => 'solvent').wait('30d', { id: 'sign' }).then('hand-over', () => 1),
  sdk.workflow('lease', { version: 2, title: 'Let a flat', canary: 0.000001, migrations: [sdk.migrateFrom(1, { remove: ['check'] })] })
    .wait('30d', { id: 'sign' }).then('hand-over', () => 2),
`;

export function compiledWithClaims(): CompiledProject {
  const project = compiledWith(WORKFLOWS, CLASSES, ['StopBehindCheck']);
  for (const part of ['web', 'workflows']) cpSync(join('dist', part), join(project.dist, part), { recursive: true });
  return project;
}
