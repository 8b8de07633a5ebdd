/**
 * A command with options, as `npm run audit` is one: what is wrong with how it was called is said in a sentence, with the way to --help, and
 * ends it with 2; a fault of its own keeps its stack. It stands here because the auditor imports nothing of what it audits; the commands of
 * test/ go by it, too.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

export interface Command<O extends Options> {
  /** `audit` of `npm run audit`. */
  readonly name: string;
  readonly help: string;
  /** Beside --help, which every command has. */
  readonly options: O;
  /** @returns the exit code */
  readonly run: (values: Values<O>) => Promise<number>;
}

/** The command was called with something that it does not take. */
export class WrongCall extends Error {
  override readonly name = 'WrongCall';
}

const HELP = { help: { type: 'boolean', short: 'h', default: false } } as const;

/** @returns the exit code */
export async function runCommand<O extends Options>(
  { name, help, options, run }: Command<O>,
  words = process.argv.slice(2),
): Promise<number> {
  try {
    const { values } = parsed({ ...options, ...HELP }, words);
    if (!(values as Values<typeof HELP>).help) return await run(values as Values<O>);
    process.stdout.write(help);
    return 0;
  } catch (error) {
    if (!(error instanceof WrongCall)) throw error;
    console.error(`${error.message} What there is, says: npm run ${name} -- --help`);
    return 2;
  }
}

function parsed(options: Options, args: string[]): { readonly values: object } {
  try {
    return parseArgs({ options, args });
  } catch (cause) {
    // Behind the first sentence Node explains what positional arguments are. A word may have lines of its own.
    const [first = ''] = (cause as Error).message.replace(/\s+/g, ' ').split(/(?: To specify | This command | Did you )/);
    throw new WrongCall(`${first.replace(/\.$/, '')}.`, { cause });
  }
}

/** @throws WrongCall unless it is written in digits */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new WrongCall(`${option} is "${shown(text)}", but it is a whole number of at most nine digits.`);
  return Number(text);
}

/** @throws WrongCall unless it is a number, above zero or, where that is said, from zero on */
export function positiveNumber(option: string, text: string, from: 'above zero' | 'from zero' = 'above zero'): number {
  const isOne = /^\d{1,9}(\.\d{1,9})?$/.test(text) && (from === 'from zero' || Number(text) > 0);
  if (!isOne) throw new WrongCall(`${option} is "${shown(text)}", but it is a number ${from === 'from zero' ? 'such as 0 or 2.5' : 'above zero'}.`); // prettier-ignore
  return Number(text);
}

/** Enough to find the word again. */
export function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
