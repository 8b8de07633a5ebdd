/**
 * What is wrong with a field, in words for whoever fills it in: class-validator speaks of properties and strings. A message that the author
 * gave, and one of a validator that is not known here, stay as they are.
 */
import { getMetadataStorage, type ValidationError } from 'class-validator';

type Terms = readonly unknown[];
/**
 * @param terms what the decorator was given.
 * @param value what stands in the field; undefined where each entry of a list is meant
 * @returns undefined when class-validator's own message says it better
 */
type Words = (terms: Terms, value: unknown) => string | undefined;

const NEEDED = 'Needs a value';
/** Of one that is missing: forms show choices by their titles, which are not known here. */
const CHOICE_NEEDED = 'Needs a choice';
/** Longer lists are shown by the form, and told by the schema. */
const MOST_CHOICES = 12;

/** By the name that class-validator has for each of its decorators. */
const WORDS: Readonly<Record<string, Words>> = {
  isDefined: () => NEEDED,
  isNotEmpty: () => NEEDED,
  isString: () => 'Needs a text',
  isBoolean: () => 'Needs yes or no',
  isNumber: ([options], value) => numberWords(options, value),
  isNumberString: unlessNarrowed('Needs a number'),
  isDecimal: unlessNarrowed('Needs a number'),
  isInt: () => 'Needs a whole number',
  isPositive: () => 'Needs a number above 0',
  isNegative: () => 'Needs a number below 0',
  isDate: () => 'Needs a date',
  isDateString: () => 'Needs a date',
  isIso8601: () => 'Needs a date',
  isEmail: unlessNarrowed('Needs an email address'),
  isUrl: unlessNarrowed('Needs a web address'),
  isPhoneNumber: () => 'Needs a phone number',
  isMobilePhone: () => 'Needs a phone number',
  isPostalCode: () => 'Needs a postal code',
  isIBAN: () => 'Needs an IBAN',
  isUuid: () => 'Needs a UUID',
  isTimeZone: () => 'Needs a time zone such as Europe/Berlin',
  isAlpha: () => 'Letters only',
  isAlphanumeric: () => 'Letters and digits only',
  isUppercase: () => 'Capital letters only',
  isLowercase: () => 'Small letters only',
  matches: () => 'Is not written as it has to be',
  isObject: () => 'Needs an object',
  isNotEmptyObject: () => 'Needs an object that is not empty',
  isArray: () => 'Needs a list',
  arrayNotEmpty: () => 'At least 1 entry',
  arrayUnique: () => 'Each entry only once',
  arrayMinSize: ([least]) => `At least ${counted(least, 'entry', 'entries')}`,
  arrayMaxSize: ([most]) => `At most ${counted(most, 'entry', 'entries')}`,
  min: ([least]) => `At least ${String(least)}`,
  max: ([most]) => `At most ${String(most)}`,
  isDivisibleBy: ([by]) => `Needs a multiple of ${String(by)}`,
  minLength: ([least]) => `At least ${characters(least)}`,
  maxLength: ([most]) => `At most ${characters(most)}`,
  isLength: ([least, most], value) => lengthWords(least, most, value),
  isIn: ([values]) => choiceWords(values),
  isEnum: ([, values]) => choiceWords(values),
  whitelistValidation: () => 'There is no such field: leave it out',
};

const CHOICES = ['isIn', 'isEnum'];

/** @returns one sentence for each thing that is wrong with the field itself; of one that is missing only that it is */
export function fieldWords({ target, property, value, constraints = {} }: ValidationError): readonly string[] {
  const decorators = decoratorsOf(target, property);
  const found = Object.entries(constraints).map(([name, message]) => {
    const named = decorators.filter((one) => (one.name ?? one.type) === name);
    const words = Object.hasOwn(WORDS, name) && named.every((one) => one.message === undefined) ? WORDS[name] : undefined;
    if (!words) return { name, isOwn: true, words: message };
    const [first] = named;
    const text = words((first?.constraints as Terms | undefined) ?? [], first?.each ? undefined : value);
    if (text === undefined) return { name, isOwn: false, words: message };
    return { name, isOwn: false, words: first?.each ? `In each entry: ${text.charAt(0).toLowerCase()}${text.slice(1)}` : text };
  });
  const isMissing = value === undefined || value === null || value === '';
  if (!isMissing || Object.hasOwn(constraints, 'whitelistValidation')) return unique(found);
  const own = found.filter(({ isOwn }) => isOwn);
  if (own.length > 0 || found.length === 0) return unique(own);
  return [found.some(({ name }) => CHOICES.includes(name)) ? CHOICE_NEEDED : NEEDED];
}

function decoratorsOf(target: object | undefined, property: string) {
  if (!target) return [];
  const all = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', true, false);
  return all.filter(({ propertyName }) => propertyName === property);
}

function unique(found: readonly { readonly words: string }[]): readonly string[] {
  return [...new Set(found.map(({ words }) => words))];
}

/** Options narrow what fits, in more ways than there are words for. */
function unlessNarrowed(words: string): Words {
  return ([options]) => (options === undefined ? words : undefined);
}

function numberWords(options: unknown, value: unknown): string {
  const { maxDecimalPlaces: most } = (options ?? {}) as { readonly maxDecimalPlaces?: number };
  if (most === undefined) return 'Needs a number';
  const decimals = `at most ${counted(most, 'decimal', 'decimals')}`;
  return typeof value === 'number' ? `A${decimals.slice(1)}` : `Needs a number with ${decimals}`;
}

function lengthWords(least: unknown, most: unknown, value: unknown): string {
  if (typeof value === 'string' && typeof least === 'number' && value.length < least) return `At least ${characters(least)}`;
  if (most === undefined) return `At least ${characters(least)}`;
  return typeof value === 'string' || least === 0 ? `At most ${characters(most)}` : `From ${String(least)} to ${characters(most)}`;
}

function choiceWords(values: unknown): string {
  const all = Array.isArray(values) ? values : [];
  return all.length > 0 && all.length <= MOST_CHOICES ? `Needs one of: ${all.join(', ')}` : 'Needs one of the choices';
}

function characters(count: unknown): string {
  return counted(count, 'character', 'characters');
}

function counted(count: unknown, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
