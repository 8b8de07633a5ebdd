/**
 * What a workflow's own React screen imports, and all that it needs of the pages: `workflows/<name>/screens/<id of the screen>.tsx` exports
 * its component by default, and stands in for the generated form of that screen. Types of the answer and the props come from the screen's
 * class: `useScreen<ReviewStrike>()`.
 *
 * What the component does goes the way that the generated form goes: what is typed is the draft and claims the task, the server's class
 * checks the answer, a task is decided once.
 */
import { createContext, type ReactNode, use } from 'react';

/** A screen's class, by what it shows and asks. */
interface AnyScreen {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the context is the author's; only what is returned matters
  readonly props: (ctx: any) => unknown;
  readonly answer: new (...parameters: never[]) => unknown;
}

export type ScreenProps<S extends AnyScreen> = Awaited<ReturnType<S['props']>>;
export type ScreenAnswer<S extends AnyScreen> = InstanceType<S['answer']>;

/** What is wrong with the answer, as the server said; the path leads to the field: `['parts', '0', 'cost']`. */
export interface ScreenProblem {
  readonly path: readonly string[];
  readonly message: string;
}

export interface ScreenTask {
  readonly id: string;
  readonly title: string;
  readonly subject: string;
  readonly instructions: string | null;
}

/** What an earlier step recommends; `draft` begins with its values. */
export interface ScreenSuggestion<Answer> {
  readonly values: Partial<Answer>;
  /** From 0 to 1, of every field that `fields` does not name; null: nobody says. */
  readonly confidence: number | null;
  readonly fields: readonly { /** `parts.0.cost` */ readonly path: string; readonly confidence: number }[];
  /** The step that recommends it. */
  readonly source: string | null;
  /** A value of lower confidence counts as open. */
  readonly openBelow: number;
}

export interface ScreenApi<Props, Answer> {
  readonly task: ScreenTask;
  readonly props: Props;
  /** What stands in the form so far; kept on the server while one types. */
  readonly draft: Partial<Answer>;
  /** Null: nothing is suggested. */
  readonly suggest: ScreenSuggestion<Answer> | null;
  /** Changes fields of the draft. The first change claims the task. */
  readonly setDraft: (change: Partial<Answer>) => void;
  /** Decides the task, by default with the draft. `next` opens the next task afterwards. @returns false when the server refused it; then see `problems` */
  readonly complete: (decision?: { readonly result?: Answer; readonly next?: boolean }) => Promise<boolean>;
  /** Ends the task undecided, and its run. @returns why not, when it was refused */
  readonly cancel: (reason?: string) => Promise<string | undefined>;
  readonly problems: readonly ScreenProblem[];
  /** Somebody else works on the task. */
  readonly isReadOnly: boolean;
  readonly isBusy: boolean;
}

interface ScreenHost extends ScreenApi<unknown, object> {
  /** The form that the page would show by itself, with its buttons. */
  readonly generatedForm: ReactNode;
  readonly documents: ReactNode;
}

/** The page's side of it; a screen has no use for it. */
export const ScreenContext = createContext<ScreenHost | undefined>(undefined);

/**
 * Everything a screen's component knows and does.
 * @typeParam S the class of the screen
 * @throws Error outside of a task
 */
export function useScreen<S extends AnyScreen>(): ScreenApi<ScreenProps<S>, ScreenAnswer<S>> {
  return hostOf() as unknown as ScreenApi<ScreenProps<S>, ScreenAnswer<S>>;
}

/** The generated form of the screen with its buttons: for components that only show more beside it. */
export function GeneratedForm(): ReactNode {
  return hostOf().generatedForm;
}

/**
 * The documents among the props, as the page would show them by itself; nothing when there are none. Where the props have `evidence`, an
 * element of the component's own with `data-field="parts.0.cost"` is that field.
 */
export function Documents(): ReactNode {
  return hostOf().documents;
}

function hostOf(): ScreenHost {
  const host = use(ScreenContext);
  if (!host) throw new Error('A screen’s component stands in the page of a task; here is none.');
  return host;
}
