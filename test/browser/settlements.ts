/**
 * A workflow whose screen asks for everything that a form can ask for, and one whose screen has the id, and so the component, of the example
 * that settles disputes.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';
import type { Visitor } from './visitor.js';

const CLASSES = `
  import { Type } from 'class-transformer';
  import { ArrayMinSize, IsBoolean, IsEmail, IsIn, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
  import { JSONSchema } from 'class-validator-jsonschema';
  const fields = (type, all) => Object.entries(all).forEach(([name, decorators]) => decorators.forEach((decorate) => decorate(type.prototype, name)));

  class Contact {}
  fields(Contact, {
    email: [IsEmail()],
    isFirm: [IsBoolean()],
    firm: [sdk.ShowIf({ isFirm: true }), Length(2, 80)],
  });
  class Part {}
  fields(Part, {
    name: [IsIn(['wing', 'engine', 'nose'])],
    cost: [sdk.MoneyField({ currency: 'CHF' })],
  });
  class Settlement {}
  fields(Settlement, {
    verdict: [IsIn(['pay', 'refuse'])],
    reason: [sdk.ShowIf({ verdict: 'refuse' }), Length(10, 200), JSONSchema({ description: 'The customer reads this.' })],
    amount: [sdk.ShowIf({ verdict: 'pay' }), sdk.MoneyField({ currency: ['CHF', 'EUR'], max: '5000' })],
    paidOn: [sdk.ShowIf({ verdict: 'pay' }), sdk.DateField()],
    callAt: [IsOptional(), sdk.DateTimeField()],
    contact: [ValidateNested(), Type(() => Contact)],
    parts: [ValidateNested({ each: true }), Type(() => Part), ArrayMinSize(1)],
    remarks: [IsOptional(), IsString({ each: true })],
    letter: [IsOptional(), sdk.DocumentField({ types: ['application/pdf'] })],
  });
  Reflect.defineMetadata('design:type', Array, Settlement.prototype, 'parts');
  Reflect.defineMetadata('design:type', Array, Settlement.prototype, 'remarks');

  class Witness {}
  fields(Witness, {
    name: [Length(2, 40)],
    phone: [IsOptional(), Length(3, 20)],
    sworn: [IsOptional(), IsBoolean()],
  });
  class Appeal {}
  fields(Appeal, {
    note: [IsOptional(), Length(0, 40)],
    verdict: [IsIn(['accept', 'refuse'])],
    letter: [sdk.ShowIf({ verdict: 'refuse' }), IsOptional(), sdk.DocumentField({ types: ['application/pdf'] })],
    witness: [IsOptional(), ValidateNested(), Type(() => Witness)],
    fee: [IsOptional(), sdk.MoneyField({ currency: 'CHF' })],
  });
  class HearAppeal {
    answer = Appeal;
    props({ input }) {
      return input;
    }
    subject({ input }) {
      return 'Appeal ' + input.number;
    }
  }
  sdk.Screen({ id: 'hear-appeal', title: 'Hear an appeal' })(HearAppeal);
  class Settle {
    answer = Settlement;
    props({ input }) {
      return { claim: input };
    }
  }
  class Resolution {}
  fields(Resolution, { resolution: [IsIn(['uphold', 'close'])] });
  class ResolveDispute {
    answer = Resolution;
    props({ input: { found, ...facts } }) {
      return { ...facts, evidence: sdk.evidence(Resolution, found ?? {}) };
    }
  }
  sdk.Screen({ id: 'resolve-dispute', title: 'Settle a dispute' })(ResolveDispute);
  sdk.Screen({ id: 'settle', title: 'Settle a claim', instructions: 'Read the claim, then say what is paid.' })(Settle);
`;

const WORKFLOWS = `
  sdk.workflow('settlement', { version: 1, title: 'Settle claims' }).screen(Settle),
  sdk.workflow('appeal', { version: 1, title: 'Hear appeals' }).screen(HearAppeal, { undoWindow: '5m' }),
  sdk.workflow('dispute', { version: 1, title: 'Settle disputes' }).screen(ResolveDispute, { id: 'settle-dispute' }),
`;

/** What the workflow `dispute` takes. */
export const DISPUTE = {
  strike: {
    reportId: 'R-1',
    operator: 'Nord Air',
    aircraft: 'A320',
    airport: 'Zurich',
    species: 'Heron',
    flightDate: '2026-03-01',
    costTotal: 9,
  },
  operator: { letter: 'disputed', statement: 'One blade only.' },
};

export function compiledWithSettlements(): CompiledProject {
  const project = compiledWith(WORKFLOWS, CLASSES, ['Settle', 'ResolveDispute', 'HearAppeal']);
  cpSync(join('dist', 'web'), join(project.dist, 'web'), { recursive: true });
  return project;
}

/** Sends a file, as a page does. @returns a reference to it */
export async function sendPaper(
  { page }: Visitor,
  name: string,
  buffer: Buffer,
): Promise<{ readonly id: string; readonly fileName: string }> {
  const file = { name, mimeType: 'application/pdf', buffer };
  const response = await page.request.post('/documents', { multipart: { files: file }, headers: { 'x-stepwell-csrf': '1' } });
  const [sent] = (await response.json()) as { id: string; fileName: string }[];
  if (!sent) throw new Error(`${name} was not taken.`);
  return { id: sent.id, fileName: sent.fileName };
}
