import { StepwellError } from '@stepwell/contracts';

export type Asked = Readonly<Record<string, unknown>>;

/** @throws StepwellError INPUT_INVALID for what is no text, or has a name that means nothing here */
export function checkedQuery<Name extends string>(query: Asked, names: readonly Name[]): Readonly<Partial<Record<Name, string>>> {
  for (const [name, value] of Object.entries(query)) {
    if (!names.some((one) => one === name))
      throw new StepwellError('INPUT_INVALID', { reason: `"${name}" means nothing here; ${names.join(', ')} do.` });
    if (typeof value !== 'string') throw new StepwellError('INPUT_INVALID', { reason: `"${name}" is there more than once.` });
  }
  return query as Readonly<Partial<Record<Name, string>>>;
}
