import { StepwellError } from '@stepwell/contracts';

/** Ids are stored data and parts of node paths, so they hold no `/`, `@` or white space. */
export function checkId(id: string): string {
  if (typeof id === 'string' && /^[A-Za-z][A-Za-z0-9_-]*$/.test(id)) return id;
  throw new StepwellError('OPTION_INVALID', {
    where: `The id "${String(id)}"`,
    reason: 'an id starts with a letter and holds letters, digits, "-" and "_" only.',
  });
}
