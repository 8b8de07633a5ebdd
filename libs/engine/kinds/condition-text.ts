/** Longer ones are told by their beginning. */
const MOST = 160;

/** What a condition asks, for drawings: the expression of an arrow function that is nothing else, otherwise undefined. */
export function conditionText(condition: (...args: never[]) => unknown): string | undefined {
  const [, expression] = /^(?:async\s*)?(?:\([^()]*\)|\w+)\s*=>\s*(?!\{)(\S[\s\S]*)$/.exec(condition.toString()) ?? [];
  const text = expression?.replaceAll(/\s+/g, ' ').trim();
  return text === undefined || text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`;
}
