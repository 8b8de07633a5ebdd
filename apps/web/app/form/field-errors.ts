import type { ErrorSchema } from '@rjsf/utils';

export interface FieldProblem {
  /** From the root of the form's value. */
  readonly path: readonly string[];
  readonly message: string;
}

type Branch = { [key: string]: Branch | string[] | undefined; __errors?: string[] };

/** The server's problems as the tree that the form shows beside its fields. */
export function toErrorSchema(problems: readonly FieldProblem[]): ErrorSchema {
  const root: Branch = {};
  for (const { path, message } of problems) {
    let branch = root;
    for (const key of path) branch = (branch[key] ??= {}) as Branch;
    (branch.__errors ??= []).push(message);
  }
  return root as ErrorSchema;
}

/** The problems that no field of the form shows, because their path leads nowhere in its schema. */
export function homeless(problems: readonly FieldProblem[], fieldNames: ReadonlySet<string>): readonly FieldProblem[] {
  return problems.filter(({ path: [first] }) => first === undefined || !fieldNames.has(first));
}

/** What a refusal says: of one that may have a field, or has none. */
interface Refused {
  readonly path: readonly string[] | null;
  readonly message: string;
}

/**
 * Problems as a text, for a place without a form: each with the field that it is about.
 *
 * @param argument of the mutation, where paths begin with it; it names no field
 */
export function inSentences(refused: readonly Refused[], argument?: string): string {
  const sentences = refused.map(({ path, message }) => {
    const names = path ?? [];
    const field = (argument !== undefined && names[0] === argument ? names.slice(1) : names).join('.');
    return field === '' ? message : `${field}: ${message}`;
  });
  return sentences.join('; ');
}
