import { StepwellError } from '@stepwell/contracts';

/** The names of all options, each of them: the type sees to it that none is forgotten. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** Options of a neighbour, and where they belong: `.screen(TheScreen, { undoWindow: ... })`. */
interface Elsewhere {
  readonly names: readonly string[];
  readonly place: (option: string) => string;
}

/**
 * Refuses an option that would do nothing: a slip of the pen, or one that belongs elsewhere.
 * @throws StepwellError OPTION_INVALID, with the place where it belongs, or the options that there are
 */
export function refuseUnknown<Options extends object>(
  where: string,
  options: Options,
  known: OptionNames<Options>,
  elsewhere: readonly Elsewhere[] = [],
): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const owner = elsewhere.find(({ names }) => names.includes(unknown));
  const reason = owner
    ? `${unknown} does nothing here. It belongs to ${owner.place(unknown)}.`
    : `there is no option ${unknown}; there are ${Object.keys(known).join(', ')}.`;
  throw new StepwellError('OPTION_INVALID', { where, reason });
}
