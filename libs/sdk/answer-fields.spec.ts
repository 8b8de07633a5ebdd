import { Type } from 'class-transformer';
import { IsBoolean, IsEmail, IsIn, IsOptional, Length, ValidateNested } from 'class-validator';
import { DateField, DateTimeField } from './date-fields.js';
import { formSchemaOf } from './form-schema.js';
import { type Money, MoneyField } from './money-field.js';
import { ShowIf } from './show-if.js';
import { validated } from './validated.js';

class Contact {
  @IsEmail()
  email!: string;

  @IsBoolean()
  isFirm!: boolean;

  @ShowIf({ isFirm: true })
  @Length(2, 80)
  firm?: string;
}

class Settlement {
  @IsIn(['pay', 'refuse', 'wait'])
  verdict!: string;

  @ShowIf({ verdict: 'pay' })
  @MoneyField({ currency: ['CHF', 'JPY'], min: '0.05', max: '5000' })
  amount?: Money;

  @ShowIf({ verdict: ['pay', 'wait'] })
  @IsOptional()
  @DateField()
  day?: string;

  @IsOptional()
  @DateTimeField()
  callAt?: string;

  @ValidateNested()
  @Type(() => Contact)
  contact!: Contact;
}

const contact = { email: 'ann@example.org', isFirm: false };
const paid = { verdict: 'pay', amount: { amount: '12.50', currency: 'CHF' }, contact };

async function problems(answer: object): Promise<Record<string, string>> {
  const result = await validated(Settlement, answer);
  return result.ok ? {} : Object.fromEntries(result.fields.map(({ path, message }) => [path, message]));
}

describe('a field that is shown on a condition', () => {
  it('is needed while it is shown, and refused while nobody saw it, also inside of another class', async () => {
    expect(await problems(paid)).toEqual({});
    expect(await problems({ verdict: 'refuse', contact })).toEqual({});
    expect(Object.keys(await problems({ verdict: 'pay', contact }))).toEqual(['amount']);
    expect(await problems({ ...paid, verdict: 'refuse' })).toEqual({
      amount: 'Is not asked for beside these answers: leave it out',
    });
    expect(await problems({ ...paid, contact: { ...contact, firm: 'Acme' } })).toHaveProperty(['contact.firm']);
    expect(await problems({ ...paid, contact: { ...contact, isFirm: true } })).toHaveProperty(['contact.firm']);
    expect(await problems({ ...paid, contact: { ...contact, isFirm: true, firm: 'Acme' } })).toEqual({});
  });

  it('may be optional while it is shown', async () => {
    expect(await problems({ ...paid, day: '2026-03-01' })).toEqual({});
    expect(Object.keys(await problems({ verdict: 'refuse', contact, day: '2026-03-01' }))).toEqual(['day']);
  });

  it('is an if in the schema, whose else allows it no value', () => {
    expect(formSchemaOf(Settlement)).toMatchObject({
      required: ['verdict', 'contact'],
      allOf: [
        {
          if: { properties: { verdict: { enum: ['pay'] } }, required: ['verdict'] },
          then: { required: ['amount'] },
          else: { properties: { amount: false } },
        },
        {
          if: { properties: { verdict: { enum: ['pay', 'wait'] } }, required: ['verdict'] },
          then: {},
          else: { properties: { day: false } },
        },
      ],
    });
  });

  it('names a field that is there, and a value', () => {
    class Lost {
      @ShowIf({ gone: 1 })
      @IsOptional()
      note?: string;
    }
    expect(() => formSchemaOf(Lost)).toThrow('Lost.note: @ShowIf names "gone", and there is no such field.');
    expect(() => ShowIf({ verdict: [] })(Settlement.prototype, 'day')).toThrow('@ShowIf names another field');
  });
});

describe('an amount of money', () => {
  it.each([
    [{ amount: '12.50', currency: 'CHF' }, undefined],
    [{ amount: '12.505', currency: 'CHF' }, 'At most 2 decimals'],
    [{ amount: '12.5', currency: 'JPY' }, 'Whole JPY only'],
    [{ amount: '5000.01', currency: 'CHF' }, 'At most 5000 CHF'],
    [{ amount: '-1', currency: 'CHF' }, 'At least 0.05 CHF'],
    [{ amount: '12', currency: 'EUR' }, 'Needs an amount in CHF or JPY'],
    [{ amount: '12', currency: 'constructor' }, 'Needs an amount in CHF or JPY'],
    [{ amount: 12, currency: 'CHF' }, 'Needs an amount such as 12.50'],
    [{ amount: '12', currency: 'CHF', rate: 1 }, 'Needs { amount, currency } and nothing else'],
    [null, 'Needs an amount'],
  ])('%j: %s', async (amount, problem) => {
    expect((await problems({ ...paid, amount }))['amount']).toBe(problem);
  });

  it('tells the form its currencies, decimals and limits; its class is refused with a currency or limit that is none', () => {
    const { properties } = formSchemaOf(Settlement) as { properties: Record<string, unknown> };
    expect(properties['amount']).toMatchObject({
      ...{ 'x-formFieldType': 'money', 'x-decimals': { CHF: 2, JPY: 0 }, 'x-min': '0.05', 'x-max': '5000' },
      properties: { currency: { enum: ['CHF', 'JPY'] } },
    });
    expect(() => MoneyField({ currency: 'XYZ' })(Settlement.prototype, 'amount')).toThrow('"XYZ" is no currency');
    expect(() => MoneyField({ currency: 'CHF', max: '1,5' })(Settlement.prototype, 'amount')).toThrow('"1,5" is no amount');
  });
});

describe('a day and an instant', () => {
  it.each([
    ['day', '2026-02-28', true],
    ['day', '2026-02-30', false],
    ['day', '2026-02-28T00:00:00Z', false],
    ['callAt', '2026-02-28T08:00:00Z', true],
    ['callAt', '2026-02-28T08:00+01:00', true],
    ['callAt', '2026-02-28T08:00', false],
    ['callAt', '2026-02-28T25:00Z', false],
  ])('%s %s: %s', async (field, value, isRight) => {
    expect(Object.keys(await problems({ ...paid, [field]: value }))).toEqual(isRight ? [] : [field]);
  });
});

describe('a class inside of the answer', () => {
  it('is missed when it is missing, as the schema says', async () => {
    const { contact: _, ...without } = paid;
    expect(await problems(without)).toEqual({ contact: 'Needs a value' });
  });

  it('is one object or a list, as it is declared, so that nothing in it is left unread', async () => {
    class Parties {
      @ValidateNested()
      @Type(() => Contact)
      main!: Contact;

      @IsOptional()
      @ValidateNested()
      @Type(() => Contact)
      other?: Contact;

      @ValidateNested()
      @Type(() => Contact)
      all!: Contact[];

      @ValidateNested({ each: true })
      @Type(() => Contact)
      each!: readonly Contact[];
    }
    const right = { main: contact, all: [], each: [contact, contact] };
    expect(await validated(Parties, right)).toMatchObject({ ok: true });
    const notOne = (field: string) => ({ path: field, message: 'Needs one object, not a list' });
    const noList = (field: string) => ({ path: field, message: 'Needs a list of objects' });
    for (const [part, problem] of [
      [{ main: [] }, notOne('main')],
      [{ main: [contact, contact] }, notOne('main')],
      [{ other: [contact] }, notOne('other')],
      [{ all: contact }, noList('all')],
      [{ each: contact }, noList('each')],
      [{ each: [[]] }, noList('each')],
      [{ each: [contact, [contact]] }, noList('each')],
      [{ all: [[contact]] }, noList('all')],
    ] as const) {
      expect(await validated(Parties, { ...right, ...part })).toEqual({ ok: false, fields: [problem] });
    }
  });
});
