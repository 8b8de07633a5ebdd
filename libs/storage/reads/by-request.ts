/** For statements that answer many requests at once: which request a row answers. */
export interface Answering {
  /** The place of the request, counting from 0. */
  readonly of: number;
}

/** @returns the rows of each request, in the order of the requests */
export function byRequest<Row extends object>(requests: readonly unknown[], rows: readonly (Row & Answering)[]): Row[][] {
  const answers = requests.map((): Row[] => []);
  for (const { of, ...row } of rows) answers[of]?.push(row as unknown as Row);
  return answers;
}
