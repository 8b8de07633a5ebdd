/** A workflow whose step reads a claim, and whose screen begins with what it has read, more or less sure of it. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { Type } from 'class-transformer';
  import { IsEmail, IsIn, IsInt, IsOptional, Length, Max, ValidateNested } from 'class-validator';
  const fields = (type, all) => Object.entries(all).forEach(([name, decorators]) => decorators.forEach((decorate) => decorate(type.prototype, name)));

  class Contact {}
  fields(Contact, { email: [IsEmail()] });
  class Part {}
  fields(Part, { name: [IsIn(['wing', 'engine', 'nose'])], cost: [sdk.MoneyField({ currency: ['CHF', 'EUR'] })] });
  class Settlement {}
  fields(Settlement, {
    verdict: [IsIn(['pay', 'refuse'])],
    reason: [sdk.ShowIf({ verdict: 'refuse' }), Length(10, 200)],
    days: [IsInt(), Max(90)],
    paidOn: [sdk.DateField()],
    note: [IsOptional(), Length(0, 500)],
    contact: [ValidateNested(), Type(() => Contact)],
    parts: [ValidateNested({ each: true }), Type(() => Part)],
  });
  Reflect.defineMetadata('design:type', Array, Settlement.prototype, 'parts');

  class ReadClaim {
    run({ input }) {
      return { verdict: 'pay', days: input.days, contact: { email: 'ada@example.org' }, parts: [{ name: 'wing', cost: { amount: '12.50', currency: 'CHF' } }] };
    }
  }
  sdk.Step({ id: 'read-claim' })(ReadClaim);
  class Settle {
    answer = Settlement;
    props({ input }) {
      return { claim: input };
    }
    suggest(ctx) {
      const fields = { days: 0.55, 'parts.0.cost': 0.3 };
      return { values: { ...ctx.resultOf(ReadClaim), paidOn: 'soon' }, confidence: 0.93, fields, source: ReadClaim };
    }
  }
  sdk.Screen({ id: 'settle-claim', title: 'Settle a claim' })(Settle);
`;

const WORKFLOWS = `sdk.workflow('claim', { version: 1, title: 'Settle claims' }).then(ReadClaim).screen(Settle),`;

export function compiledWithClaims(): CompiledProject {
  const project = compiledWith(WORKFLOWS, CLASSES, ['ReadClaim', 'Settle']);
  cpSync(join('dist', 'web'), join(project.dist, 'web'), { recursive: true });
  return project;
}
