/**
 * A field with an amount of money. The amount is a decimal text, because a number of a computer cannot hold 0.10; the currency stands beside
 * it, so that a later step need not know the form.
 */
import { StepwellError } from '@stepwell/contracts';
import { registerDecorator } from 'class-validator';
import { type OptionNames, refuseUnknown } from './known-options.js';

export interface Money {
  /** `1234.50`; at most as many decimals as the currency has. */
  readonly amount: string;
  /** ISO 4217, such as `EUR`. */
  readonly currency: string;
}

export interface MoneyFieldOptions {
  /** ISO 4217; of several the person chooses one. */
  readonly currency: string | readonly string[];
  /** Decimal texts, such as `0.01`, in whichever currency. Default: from 0, without a most. */
  readonly min?: string;
  readonly max?: string;
}

/** What the form needs to know, and the validator checks. */
export interface MoneyTerms {
  /** Each currency with its number of decimals. */
  readonly decimals: Readonly<Record<string, number>>;
  readonly min: string;
  readonly max: string | undefined;
}

/** The name under which form-converters knows the validator. */
export const MONEY_FIELD = 'moneyField';

/** Fifteen digits before the point are a thousand times the wealth of the world. */
export const AMOUNT = /^-?\d{1,15}(\.\d{1,6})?$/;
const MOST_DECIMALS = 6;
const OPTIONS: OptionNames<MoneyFieldOptions> = { currency: true, min: true, max: true };

/**
 * `@MoneyField({ currency: 'USD', max: '5000' }) refund!: Money`
 * @throws StepwellError OPTION_INVALID for a currency that does not exist, or a limit that is no decimal text
 */
export function MoneyField(options: MoneyFieldOptions): PropertyDecorator {
  return (target, property) => {
    const where = `${target.constructor.name}.${String(property)}`;
    refuseUnknown(where, options, OPTIONS);
    const terms = termsOf(options, where);
    registerDecorator({
      ...{ name: MONEY_FIELD, target: target.constructor, propertyName: String(property), constraints: [terms] },
      validator: {
        validate: (value) => problemOf(value, terms) === undefined,
        defaultMessage: (about) => problemOf(about?.value, terms) ?? 'Needs an amount',
      },
    });
  };
}

function termsOf({ currency, min = '0', max }: MoneyFieldOptions, where: string): MoneyTerms {
  const currencies = [currency].flat();
  const known = Intl.supportedValuesOf('currency');
  const unknown = currencies.find((one) => !known.includes(one));
  if (unknown !== undefined || currencies.length === 0)
    throw new StepwellError('OPTION_INVALID', { where, reason: `"${unknown ?? ''}" is no currency of ISO 4217.` });
  const limit = [min, max].find((one) => one !== undefined && !AMOUNT.test(one));
  if (limit !== undefined) throw new StepwellError('OPTION_INVALID', { where, reason: `"${limit}" is no amount such as 12.50.` });
  return { decimals: Object.fromEntries(currencies.map((one) => [one, decimalsOf(one)])), min, max };
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

function problemOf(value: unknown, { decimals, min, max }: MoneyTerms): string | undefined {
  if (typeof value !== 'object' || value === null) return 'Needs an amount';
  const { amount, currency, ...rest } = value as Readonly<Record<string, unknown>>;
  if (amount === undefined) return 'Needs an amount';
  const places = typeof currency === 'string' && Object.hasOwn(decimals, currency) ? decimals[currency] : undefined;
  if (places === undefined) return `Needs an amount in ${Object.keys(decimals).join(' or ')}`;
  if (typeof amount !== 'string' || !AMOUNT.test(amount)) return 'Needs an amount such as 12.50';
  if (Object.keys(rest).length > 0) return 'Needs { amount, currency } and nothing else';
  if ((amount.split('.')[1] ?? '').length > places) return places === 0 ? `Whole ${String(currency)} only` : `At most ${places} decimals`;
  if (inMillionths(amount) < inMillionths(min)) return `At least ${min} ${String(currency)}`;
  return max !== undefined && inMillionths(amount) > inMillionths(max) ? `At most ${max} ${String(currency)}` : undefined;
}

function inMillionths(amount: string): bigint {
  const [whole = '', decimals = ''] = amount.split('.');
  return BigInt(`${whole}${decimals.padEnd(MOST_DECIMALS, '0')}`);
}
