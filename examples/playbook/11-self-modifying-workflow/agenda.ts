/** The work of a run as data: what is still to be done, in order, and what was done. */
import { TerminalError } from '@stepwell/sdk';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';

/** Who may be asked to do something; whatever else a plan names is refused. */
export const WORKERS = ['research', 'draft', 'check'] as const;
export type Worker = (typeof WORKERS)[number];

/** A plan that wants more than that in all has lost its way. */
const MOST_WORK = 12;

export class Work {
  /** Its name in the plan, once only. */
  @Matches(/^[a-z0-9-]{1,40}$/)
  id!: string;

  @IsIn(WORKERS)
  worker!: Worker;

  @IsString()
  about!: string;
}

/** What the model is to answer: work, and where it belongs. */
export class Plan {
  @IsString()
  text!: string;

  @IsArray()
  @ArrayMaxSize(MOST_WORK)
  @ValidateNested({ each: true })
  @Type(() => Work)
  work!: readonly Work[];

  /** 0: before all that is still to be done. Left out: behind it. */
  @IsOptional()
  @IsIn([0])
  position?: 0;
}

export interface Agenda {
  readonly open: readonly Work[];
  readonly done: readonly { readonly id: string; readonly text: string }[];
}

export const NOTHING: Agenda = { open: [], done: [] };

/** @throws TerminalError AGENDA_FULL */
export function add({ open, done }: Agenda, { work, position }: Plan): Agenda {
  const known = new Set([...open, ...done].map(({ id }) => id));
  // What was added before is not added again, however often it is said.
  const fresh = work.filter(({ id }) => !known.has(id) && known.add(id));
  if (known.size > MOST_WORK) throw new TerminalError(`The plan has grown beyond ${MOST_WORK} pieces of work.`, { code: 'AGENDA_FULL' });
  return { open: position === 0 ? [...fresh, ...open] : [...open, ...fresh], done };
}

/** The first piece of work was done, and has perhaps asked for more. */
export function advance({ open: [first, ...open], done }: Agenda, outcome: Plan): Agenda {
  return add({ open, done: first ? [...done, { id: first.id, text: outcome.text }] : done }, outcome);
}
