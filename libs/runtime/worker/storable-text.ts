/**
 * Text as PostgreSQL can store it: without NUL characters and halves of surrogate pairs, cut to a length. For text that only explains
 * (error messages, excerpts, notes); values are refused instead, with their path.
 */
export function storableText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replaceAll('\u0000', '').toWellFormed();
}
