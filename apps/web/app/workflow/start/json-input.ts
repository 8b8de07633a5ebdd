import type { Json } from '../../graphql.js';

export type ParsedInput = { readonly value: Json } | { readonly problem: string };

/** Text as somebody typed or pasted it; nothing at all is null. */
export function parseInput(text: string): ParsedInput {
  if (text.trim() === '') return { value: null };
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { problem: `This is not JSON: ${(error as Error).message}.` };
  }
}

export function printInput(value: Json): string {
  return value === null ? '' : JSON.stringify(value, null, 2);
}
