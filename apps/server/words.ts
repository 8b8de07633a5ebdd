/** What a command of this folder was called with. */

/**
 * @param words behind its name
 * @param known those that it takes
 * @returns what is wrong, in a sentence; `undefined`: nothing. A word that was mistyped would else do what none of them does.
 */
export function unknownWord(words: readonly string[], known: readonly string[]): string | undefined {
  const unknown = words.find((word) => !known.includes(word));
  return unknown === undefined
    ? undefined
    : `"${unknown.slice(0, 100)}" is nothing that this command takes; it takes ${known.join(' and ')}.`;
}
