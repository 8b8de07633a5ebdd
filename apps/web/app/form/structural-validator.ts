// The pages validate nothing: the server's class is the authority, and its errors land on their fields. Compiling validators (ajv) needs
// `new Function`, which the content security policy forbids. What is left for the client is `isValid`, which the form library asks only to
// find out which of several alternatives (oneOf, anyOf, if) a value belongs to; looking at types and constants is enough for that.
import type { RJSFSchema, ValidatorType } from '@rjsf/utils';
import { sameJson } from '../values/same-json.js';
import type { Json } from '../graphql.js';

export const structuralValidator: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
  isValid: (schema, data: Json | undefined) => fits(schema, data),
};

/** True when nothing in `schema` that can be seen without compiling speaks against `data`. */
export function fits(schema: RJSFSchema | boolean, data: Json | undefined): boolean {
  if (typeof schema === 'boolean') return schema;
  if (schema.const !== undefined && !sameJson(schema.const, data)) return false;
  if (schema.enum && !schema.enum.some((choice) => sameJson(choice, data))) return false;
  if (schema.type !== undefined && !hasType([schema.type].flat(), data)) return false;
  if (schema.allOf && !schema.allOf.every((part) => fits(part, data))) return false;
  for (const choices of [schema.anyOf, schema.oneOf]) {
    if (choices && !choices.some((part) => fits(part, data))) return false;
  }
  return fitsInside(schema, data);
}

function fitsInside(schema: RJSFSchema, data: Json | undefined): boolean {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return true;
  if (schema.required?.some((key) => data[key] === undefined)) return false;
  return Object.entries(schema.properties ?? {}).every(([key, part]) => data[key] === undefined || fits(part, data[key]));
}

function hasType(types: readonly string[], data: Json | undefined): boolean {
  return types.some((type) => {
    switch (type) {
      case 'null':
        return data === null || data === undefined;
      case 'array':
        return Array.isArray(data);
      case 'object':
        return typeof data === 'object' && data !== null && !Array.isArray(data);
      case 'integer':
        return Number.isInteger(data);
      default:
        return typeof data === type;
    }
  });
}
