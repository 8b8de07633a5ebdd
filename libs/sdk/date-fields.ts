/** Fields with a day of the calendar, or with an instant. Both are text in an answer, as they are in JSON. */
import { registerDecorator } from 'class-validator';
import { DateTime } from 'luxon';

/** The names under which form-converters knows the validators. */
export const DATE_FIELD = 'dateField';
export const DATE_TIME_FIELD = 'dateTimeField';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** With a zone: without one it would be another instant for each reader. */
export const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A day, the same one in every zone: `@DateField() flightDate!: string`, written `2026-03-01`. */
export function DateField(): PropertyDecorator {
  return field(DATE_FIELD, DAY, 'Needs a day', 'Needs a day written YYYY-MM-DD');
}

/** An instant, written in ISO 8601 with its zone: `2026-03-01T08:00:00Z`. The form shows it in the zone of whoever fills it in. */
export function DateTimeField(): PropertyDecorator {
  return field(DATE_TIME_FIELD, INSTANT, 'Needs a day and a time', 'Needs a day and a time of ISO 8601 with its zone');
}

function field(name: string, shape: RegExp, missing: string, wrong: string): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      ...{ name, target: target.constructor, propertyName: String(property) },
      validator: {
        validate: (value) => typeof value === 'string' && shape.test(value) && DateTime.fromISO(value).isValid,
        defaultMessage: (about) => (isMissing(about?.value) ? missing : wrong),
      },
    });
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
