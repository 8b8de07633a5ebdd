// An address that says something its page does not understand shows nothing, and what is wrong with it: a filter that was dropped in silence
// would show everything in its place.
import { wordOf } from './search-words.js';

/** For each key of an address whether a value, which is not empty, means something. */
type Checks = Readonly<Record<string, (word: string) => boolean>>;

interface Understood {
  /** The key of the address that is not understood. */
  readonly problem?: string;
}

export const anyText = (word: string): boolean => ![...word].some((sign) => sign < ' ');
export const anyInstant = (word: string): boolean => !Number.isNaN(Date.parse(word));
export const oneOf =
  (words: readonly string[]) =>
  (word: string): boolean =>
    words.includes(word);

/**
 * The reader of a page's address, which also tells what is not understood.
 * @param read keeps what is understood
 * @param checks by key; what has none is not understood
 */
export function understood<Search extends object>(read: (search: Record<string, unknown>) => Search, checks: Checks) {
  return (search: Record<string, unknown>): Search & Understood => {
    const problem = strangeKey(search, checks);
    return problem === undefined ? read(search) : { ...read(search), problem };
  };
}

function strangeKey(search: Readonly<Record<string, unknown>>, checks: Checks): string | undefined {
  const said = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const strange = said.find(([key, value]) => {
    const word = wordOf(search, key);
    // The router reads `true` and `null` as what they are in JSON.
    const isWord = typeof value === 'string' || typeof value === 'number';
    return !isWord || !Object.hasOwn(checks, key) || (word !== '' && checks[key]?.(word) !== true);
  });
  // It was found before: the address has been written anew since, without the value.
  return strange?.[0] === 'problem' && typeof strange[1] === 'string' ? strange[1] : strange?.[0];
}
