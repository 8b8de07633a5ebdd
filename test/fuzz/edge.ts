/** A way into the system, and what may never come out of it. */
import type fc from 'fast-check';

export interface Edge<Input = unknown> {
  readonly name: string;
  /** Of all inputs of a campaign, so many parts are for this edge. */
  readonly share: number;
  /** The most of a campaign, for what costs a process each. */
  readonly most?: number;
  /** So many at a time. */
  readonly together: number;
  readonly inputs: fc.Arbitrary<Input>;
  /** Sends it, and looks at what comes back. */
  attempt(input: Input): Promise<Outcome>;
}

export interface Outcome {
  /** It was taken for good; otherwise it was refused. */
  readonly accepted: boolean;
  /** What was promised and did not hold. */
  readonly faults: readonly string[];
  /** How it was answered: counted, for the table. */
  readonly answer: string;
}

const LEAKS: Readonly<Record<string, RegExp>> = {
  'a stack': /(^|\\n|\n)\s*at .{1,200}:\d+:\d+/,
  'a path of a file': /node_modules|file:\/\/|(?:^|[\s"'(])\/(?:[\w.-]+\/)+[\w.-]+\.(?:ts|js|mjs|cjs|sql)\b|\b[\w-]+\.(?:ts|js|mjs):\d+/,
  'a statement of SQL': /\b(?:SELECT|INSERT INTO|DELETE FROM|UPDATE|WITH)\b[^"]{0,400}\b(?:FROM|VALUES|SET|WHERE|RETURNING)\b/,
  'words of PostgreSQL':
    /invalid input syntax for|violates [\w-]+ constraint|duplicate key value|invalid byte sequence|unsupported Unicode escape|does not exist at character|out of range for type|bind message|QueryFailedError/,
  'words of the language':
    /\b(?:TypeError|ReferenceError|RangeError|URIError)\b|Cannot (?:read|set) propert|Cannot destructure|is not a function|is not iterable|Maximum call stack|Converting circular/,
};

/** @returns what of the inside an answer shows */
export function leaks(text: string): string[] {
  return Object.entries(LEAKS).flatMap(([what, pattern]) => {
    const found = pattern.exec(text);
    return found ? [`The answer shows ${what}: ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 160))}`] : [];
  });
}
