/** What a step's output has to look like: said by a class with the validators of class-validator, or by a JSON Schema (2020-12). */
import { type FieldError, type Json, StepwellError } from '@stepwell/contracts';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Type } from './type.js';
import { validated } from './validated.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** @returns what is wrong with which field; nothing for an output that fits */
export type OutputCheck = (output: Json) => Promise<readonly FieldError[]>;

/** @throws StepwellError OPTION_INVALID for what is neither a class nor a JSON Schema */
export function outputCheck(output: Type<unknown> | JsonSchema | undefined, where: string): OutputCheck | null {
  if (output === undefined) return null;
  if (typeof output === 'function') {
    return async (value) => {
      const checked = await validated(output as Type<object>, value);
      return checked.ok ? [] : checked.fields;
    };
  }
  const validate = compiled(output, where);
  return (value) => Promise.resolve(validate(value) ? [] : (validate.errors ?? []).map(fieldError));
}

function compiled(schema: JsonSchema, where: string) {
  try {
    // A misspelled keyword is an error; formats are not checked, as the standard has it.
    return new Ajv2020({ allErrors: true, strict: false, strictSchema: true, validateFormats: false }).compile(schema);
  } catch (cause) {
    const reason = `output is a class or a JSON Schema; this one is refused: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new StepwellError('OPTION_INVALID', { where, reason }, { cause });
  }
}

function fieldError({ instancePath, message, params }: ErrorObject): FieldError {
  const missing = (params as { missingProperty?: string }).missingProperty;
  const path = [...instancePath.split('/').slice(1), ...(missing === undefined ? [] : [missing])];
  return { path: path.join('.'), message: missing === undefined ? (message ?? 'is not valid') : 'is missing' };
}
