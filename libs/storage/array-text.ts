/** What JSON writes by a letter, which in the text of an array would be that letter. */
const BY_LETTER = /\\[bfnrtu]/;

/**
 * An array as PostgreSQL reads it from text: a quarter of what the driver takes, which escapes element by element and joins them one by
 * one. Within quotes the text of an array is escaped as JSON is, but for what JSON writes by a letter.
 *
 * @returns the text; undefined when the driver has to write it: elements that are no plain text, number or boolean, or that need care
 */
export function arrayText(values: readonly unknown[]): string | undefined {
  if (!values.every(isPlain)) return undefined;
  const json = JSON.stringify(values);
  return BY_LETTER.test(json) ? undefined : `{${json.slice(1, -1)}}`;
}

function isPlain(value: unknown): boolean {
  const type = typeof value;
  return type === 'string' || type === 'boolean' || value === null || value === undefined || (type === 'number' && Number.isFinite(value));
}
