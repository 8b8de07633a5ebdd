// How one JSON scalar is written for a reader. The name of its key helps: 12500 under `costTotal` is money, 2001 under `year` is not.
import { formatDay, formatInstant } from '../time/format-instant.js';

export interface ScalarText {
  readonly text: string;
  readonly kind: 'nothing' | 'text' | 'long-text' | 'number' | 'money' | 'date' | 'instant' | 'flag' | 'link' | 'id';
}

const MONEY = /(^|[^a-z])(amount|balance|charge|cost|fee|paid|payment|price|refund|usd|eur|gbp)([^a-z]|$)/;
/** Numbers that are names: grouping their digits would be wrong. */
const NAME = /(^|[^a-z])(id|year|code|number|no|zip|phone|line|version|port)([^a-z]|$)/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const LINK = /^https?:\/\/\S+$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$|^[\da-f]{32,}(-\d+)?$/i;
/** Longer than this a text gets the whole width. */
const LONG = 70;

const CURRENCY: Readonly<Record<string, string>> = { usd: 'USD', eur: 'EUR', gbp: 'GBP' };
const plain = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });

export function describeScalar(value: string | number | boolean | null, key = ''): ScalarText {
  if (value === null || value === '') return { text: '—', kind: 'nothing' };
  if (typeof value === 'boolean') return { text: value ? 'Yes' : 'No', kind: 'flag' };
  return typeof value === 'number' ? describeNumber(value, key) : describeText(value);
}

function describeNumber(value: number, key: string): ScalarText {
  const words = key.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  if (MONEY.test(words)) return { text: money(value, words), kind: 'money' };
  return { text: NAME.test(words) ? String(value) : plain.format(value), kind: 'number' };
}

function money(value: number, words: string): string {
  const currency = words.split(/[^a-z]+/).find((word) => word in CURRENCY);
  const digits = Number.isInteger(value) ? { maximumFractionDigits: 0 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const style = currency ? { style: 'currency' as const, currency: CURRENCY[currency], currencyDisplay: 'narrowSymbol' as const } : {};
  return new Intl.NumberFormat(undefined, { ...digits, ...style }).format(value);
}

function describeText(value: string): ScalarText {
  if (DAY.test(value) && !Number.isNaN(Date.parse(value))) return { text: formatDay(value), kind: 'date' };
  if (INSTANT.test(value) && !Number.isNaN(Date.parse(value))) return { text: formatInstant(value), kind: 'instant' };
  if (LINK.test(value)) return { text: value, kind: 'link' };
  if (UUID.test(value)) return { text: value, kind: 'id' };
  if (value.length > LONG || value.includes('\n')) return { text: value, kind: 'long-text' };
  return { text: value, kind: 'text' };
}
