// What of the address is a filter. The router reads a text of digits as a number; it is a text all the same.

export function wordOf(search: Readonly<Record<string, unknown>>, key: string): string {
  const value = search[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Without what is empty: that asks for nothing, and does not stand in the address. */
export function withoutEmpty<Words extends Readonly<Record<string, string | undefined>>>(words: Words): NonEmpty<Words> {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined && value !== '')) as NonEmpty<Words>;
}

type NonEmpty<Words> = { [Key in keyof Words]?: Exclude<Words[Key], undefined | ''> };
