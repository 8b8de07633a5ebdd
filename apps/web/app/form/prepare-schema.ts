// Makes a schema ready for the form library. Choices with titles (`oneOf` of constants) become a plain `enum`; their titles go into the
// hints (ui-hints.ts). Left as they are, the library would take the first one for the default, and a decision that nobody made would
// already stand in the form. Hidden fields are left out.
import type { RJSFSchema } from '@rjsf/utils';

export interface Choice {
  readonly value: unknown;
  /** As the author named it; undefined for a bare value. */
  readonly title: string | undefined;
}

export function prepareSchema(schema: RJSFSchema): RJSFSchema {
  const { items } = schema;
  const properties = schema.properties && shown(schema.properties);
  const choices = choicesOf(schema);
  return {
    ...(choices ? asEnum(schema, choices) : schema),
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, prepareSchema(part as RJSFSchema)])) }
      : {}),
    ...(typeof items === 'object' && !Array.isArray(items) ? { items: prepareSchema(items) } : {}),
  };
}

/** What a form does not show is filled in by whoever starts by other means; a value that is there stays. */
function shown(properties: NonNullable<RJSFSchema['properties']>): NonNullable<RJSFSchema['properties']> {
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
