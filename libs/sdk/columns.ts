/** Columns: what a list shows of a run beyond what every run has. */
import { StepwellError } from '@stepwell/contracts';
import type { ReadContext } from './read-context.js';

/**
 * Reads one value of a run for lists: text, or a number, which is written as text. `null` and `undefined` show as a dash.
 *
 * It is called when a list is read, perhaps before a step has run and perhaps often: read with `maybeResultOf`, return at once, and await
 * nothing. What it throws is shown in its cell, and harms nothing else. More than 200 characters are cut.
 */
export type ColumnReader<In> = (ctx: ReadContext<In>) => string | number | null | undefined;

/** Columns by name, in the order in which they are shown. */
export type Columns<In> = Readonly<Record<string, ColumnReader<In>>>;

export interface ColumnDefinition {
  readonly name: string;
  readonly read: ColumnReader<never>;
}

/** The head of a table's column; a longer one pushes the others away. */
const MAX_NAME_LENGTH = 40;

/**
 * @param where the place in the graph, for the message
 * @throws StepwellError OPTION_INVALID for a name that no list can show, or a column that is no function
 */
export function columnDefinitions<In>(columns: Columns<In> | undefined, where: string): readonly ColumnDefinition[] {
  return Object.entries(columns ?? {}).map(([name, read]) => {
    const problem = typeof read === 'function' ? nameProblem(name) : 'a column is a function: (ctx) => ctx.input.airport.';
    if (problem !== undefined) throw new StepwellError('OPTION_INVALID', { where: `${where}, column "${name}"`, reason: problem });
    return { name, read };
  });
}

function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'the name is empty; say what the column shows.';
  if (name !== name.trim() || /\p{Cc}/u.test(name)) return 'the name begins or ends with white space, or holds a control character.';
  if (name.length > MAX_NAME_LENGTH) return `the name has ${name.length} characters; a table has room for ${MAX_NAME_LENGTH}.`;
  // JavaScript puts such keys before all others, so the columns would not stand in the order in which they were written.
  if (/^\d+$/.test(name)) return 'the name is a whole number; add a word to it.';
  return undefined;
}
