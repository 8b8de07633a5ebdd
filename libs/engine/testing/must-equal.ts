/** Throws unless both are the same as JSON; maps count by their entries, in any order. */
export function mustEqual(actual: unknown, expected: unknown, message: string): void {
  const [left, right] = [asText(actual), asText(expected)];
  if (left !== right) throw new Error(`${message}:\n${left}\n${right}`);
}

function asText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown): unknown => (inner instanceof Map ? [...inner].sort(byKey) : inner));
}

function byKey([left]: readonly unknown[], [right]: readonly unknown[]): number {
  return String(left) < String(right) ? -1 : 1;
}
