/** More than any record has; a file of another kind may be one line without an end. Characters. */
const LONGEST = 64 * 1024 * 1024;

/**
 * The lines of a text. `readline` also parts at U+2028 and U+2029, which may stand within a JSON text.
 *
 * @param chunks of text, parted anywhere
 * @throws Error when a line is longer than any that was written
 */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = '', ...others] = chunk.split('\n');
    rest.push(first);
    length += first.length;
    for (const other of others) {
      yield rest.join('');
      rest = [other];
      length = other.length;
    }
    if (length > LONGEST) throw new Error(`A line is longer than ${LONGEST} characters: this is no export of decisions.`);
  }
  if (length > 0) yield rest.join('');
}
