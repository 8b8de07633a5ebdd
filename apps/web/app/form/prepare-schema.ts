// Makes a schema ready for the form library. Choices with titles (`oneOf` of constants) become a plain `enum`; their titles go into the
// hints (ui-hints.ts). Left as they are, the library would take the first one for the default, and a decision that nobody made would
// already stand in the form. Hidden fields are left out, and those that are shown on a condition move into its `then`, where the library
// looks for them.
import type { RJSFSchema } from '@rjsf/utils';
import { conditionsOf } from './conditions.js';

type Properties = NonNullable<RJSFSchema['properties']>;

export interface Choice {
  readonly value: unknown;
  /** As the author named it; undefined for a bare value. */
  readonly title: string | undefined;
}

export function prepareSchema(schema: RJSFSchema): RJSFSchema {
  // The library puts conditions and the rest together: what the rest forbids, as here fields that it does not name, would be gone.
  const { additionalProperties: _, ...open } = schema;
  const { items } = open;
  const choices = choicesOf(open);
  return {
    ...(choices ? asEnum(open, choices) : open),
    ...(schema.properties ? preparedFields(schema, schema.properties) : {}),
    ...(typeof items === 'object' && !Array.isArray(items) ? { items: prepareSchema(items) } : {}),
  };
}

function preparedFields(schema: RJSFSchema, declared: Properties): RJSFSchema {
  const fields = Object.entries(shown(declared)).map(([name, part]) => [name, prepareSchema(part as RJSFSchema)] as const);
  const conditional = conditionsOf(schema);
  const namesOf = new Set(conditional.flatMap(({ fields: names }) => names));
  const pick = (names: ReadonlySet<string>, isWanted: boolean) =>
    Object.fromEntries(fields.filter(([name]) => names.has(name) === isWanted)) as Properties;
  const allOf = conditional.map(({ when, needed, fields: names }) => ({
    if: when,
    then: { properties: pick(new Set(names), true), required: needed },
  }));
  return { properties: pick(namesOf, false), ...(allOf.length > 0 ? { allOf } : {}) };
}

/** What a form does not show is filled in by whoever starts by other means; a value that is there stays. */
function shown(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, part]) => (part as RJSFSchema)['x-formFieldType'] !== 'hidden'));
}

/** The choices of a field that is one of some constants; undefined for every other field. */
export function choicesOf({ enum: values, oneOf }: RJSFSchema): readonly Choice[] | undefined {
  if (values) return values.map((value) => ({ value, title: undefined }));
  const isChoice = oneOf?.every((each) => typeof each === 'object' && 'const' in each);
  return isChoice ? oneOf?.map((each) => (typeof each === 'object' ? { value: each.const, title: each.title } : NOTHING)) : undefined;
}

const NOTHING: Choice = { value: null, title: undefined };

function asEnum({ oneOf: _, ...schema }: RJSFSchema, choices: readonly Choice[]): RJSFSchema {
  const values = choices.map(({ value }) => value);
  return { ...schema, type: schema.type ?? typeOf(values), enum: values as NonNullable<RJSFSchema['enum']> };
}

function typeOf([first]: readonly unknown[]): 'string' | 'number' | 'boolean' {
  return typeof first === 'number' ? 'number' : typeof first === 'boolean' ? 'boolean' : 'string';
}
