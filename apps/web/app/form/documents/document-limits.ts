// What a field that holds documents takes, as its schema says. The server checks it again.
import type { RJSFSchema } from '@rjsf/utils';
import { formatBytes } from './format-bytes.js';

export interface DocumentLimits {
  readonly isList: boolean;
  /** Media types, such as `application/pdf` or `image/*`; undefined: those of the installation. */
  readonly types: readonly string[] | undefined;
  readonly maxBytes: number | undefined;
  readonly maxCount: number | undefined;
}

/** @returns undefined for a field that holds no documents */
export function documentLimits(schema: RJSFSchema): DocumentLimits | undefined {
  const kind: unknown = schema['x-formFieldType'];
  if (kind !== 'file' && kind !== 'multi-file') return undefined;
  const isList = kind === 'multi-file';
  return {
    isList,
    types: schema['x-mediaTypes'] as readonly string[] | undefined,
    maxBytes: schema['x-maxBytes'] as number | undefined,
    maxCount: isList ? schema.maxItems : 1,
  };
}

/** Why a file cannot be taken, before it is sent; undefined when nothing speaks against it. */
export function problemOf({ type, size }: { type: string; size: number }, { types, maxBytes }: DocumentLimits): string | undefined {
  if (types && type !== '' && !types.some((wanted) => isOfType(type, wanted)))
    return `It is ${type}; this field takes ${types.join(', ')}.`;
  if (maxBytes !== undefined && size > maxBytes) return `It has ${formatBytes(size)}; this field takes up to ${formatBytes(maxBytes)}.`;
  return undefined;
}

function isOfType(type: string, wanted: string): boolean {
  return wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
