/** Where an input holds documents, and what its class asks of each. */
import { type Json, type JsonObject } from '@stepwell/contracts';
import { isDocumentReference } from './document-fields.js';
import type { DocumentReference } from './documents.js';
import { formSchemaOf } from './form-schema.js';
import type { Type } from './type.js';

export interface DocumentUse {
  /** Inside the input, as in the errors of its fields: `scans.0`. */
  readonly path: string;
  readonly document: DocumentReference;
  /** Media types, such as `image/*`; `undefined` for any. */
  readonly types: readonly string[] | undefined;
  readonly maxBytes: number | undefined;
}

/**
 * @param type the class of the input
 * @param value an input that fits it
 */
export function documentsIn(type: Type<unknown>, value: Json): readonly DocumentUse[] {
  return usesIn(formSchemaOf(type) as JsonObject, value, '');
}

function usesIn(schema: JsonObject, value: Json | undefined, path: string): DocumentUse[] {
  const below = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  switch (schema['x-formFieldType']) {
    case 'file':
      return useOf(schema, value, path);
    case 'multi-file':
      return Array.isArray(value) ? value.flatMap((item: Json, index) => useOf(schema, item, below(index))) : [];
    default:
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return isObject(items) ? value.flatMap((item: Json, index) => usesIn(items, item, below(index))) : [];
  }
  const { properties } = schema;
  if (!isObject(value) || !isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, field]) => usesIn(field as JsonObject, value[name], below(name)));
}

function useOf(schema: JsonObject, value: Json | undefined, path: string): DocumentUse[] {
  if (!isDocumentReference(value)) return [];
  return [
    {
      ...{ path, document: value },
      types: schema['x-mediaTypes'] as readonly string[] | undefined,
      maxBytes: schema['x-maxBytes'] as number | undefined,
    },
  ];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
