/** Written in capitals wherever they stand. */
const ACRONYMS = new Set([
  'id',
  'url',
  'uri',
  'usd',
  'eur',
  'gbp',
  'faa',
  'iata',
  'icao',
  'ias',
  'utc',
  'pdf',
  'json',
  'http',
  'api',
  'ip',
  'ssn',
  'dob',
  'npi',
]);

/** A key as a person would write it: `aircraftOperator` becomes `Aircraft operator`, `cost_total_usd` `Cost total USD`. */
export function humaniseKey(key: string): string {
  const words = key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .filter(Boolean)
    .map((word) => (ACRONYMS.has(word.toLowerCase()) ? word.toUpperCase() : /^[A-Z\d]{2,}$/.test(word) ? word : word.toLowerCase()));
  const sentence = words.join(' ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A stored word (a choice, a kind) as a label; sentences are left as they are. */
export function humaniseWord(word: string): string {
  return /^[a-z]+([_-][a-z\d]+)*$/.test(word) || /^[a-z]+([A-Z][a-z]+)+$/.test(word) ? humaniseKey(word) : word;
}
