import type { Actor, FieldError, Json } from '@stepwell/contracts';
import type { Decider, EarlierDecision, MayDecide, Type } from '@stepwell/sdk';
import type { Sql, TaskRecord } from '@stepwell/storage';

/** Whether a person may decide a task, with all that its author may want to know. */
export interface DecidingQuestion {
  readonly tenant: string;
  readonly task: TaskRecord;
  readonly person: Decider;
  readonly startedBy: Actor | null;
  readonly decisions: readonly EarlierDecision[];
}

/** An answer that a screen offers as a link. */
export interface OfferedLink {
  readonly label: string;
  readonly answer: Json;
}

/** An answer that a screen takes for many tasks at once. */
export type BulkAnswers = 'any' | readonly OfferedLink[];

/** What the tasks need to know of the screens that this process hosts. The runtime provides it. */
export abstract class ScreenProvider {
  /** Which build this process runs, for the records of decisions; null when nobody has named it. */
  readonly build: string | null = null;

  /**
   * The class that validates a screen's answers.
   *
   * @param path of the screen's node in the graph
   * @param screen its id: versions of a workflow may have different screens in one place
   * @returns `undefined` when this build has no such workflow, or no screen at that path
   */
  abstract answerClassOf(workflow: string, path: string, screen: string): Type<object> | undefined;

  /** The answers that a screen offers as links; by default none. Parameters as above. */
  linksOf(_workflow: string, _path: string, _screen: string): readonly OfferedLink[] {
    return [];
  }

  /** What a screen takes for many tasks at once; null, and that by default: nothing. Parameters as above. */
  bulkOf(_workflow: string, _path: string, _screen: string): BulkAnswers | null {
    return null;
  }

  /** Whether reviewers may set the priority of the task, too; by default only operators. */
  mayReviewersPrioritize(_task: TaskRecord): boolean {
    return false;
  }

  /**
   * Asks the author of the task's screen, as it is now; one that has nothing to say agrees.
   *
   * @throws AuthorError when his code throws; StepwellError SCREEN_NOT_FOUND when this build has no such screen
   */
  abstract mayDecide(sql: Sql, question: DecidingQuestion): Promise<MayDecide>;

  /**
   * Takes the documents that an answer holds for its run: from then on they stay.
   *
   * @param sql of the transaction that decides, before it locks the run
   * @param type the class that the answer fits
   * @returns what is wrong with them, by field; then none is taken
   */
  abstract takeDocuments(sql: Sql, tenant: string, type: Type<object>, answer: Json): Promise<readonly FieldError[]>;
}
