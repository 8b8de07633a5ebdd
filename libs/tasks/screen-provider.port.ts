import type { FieldError, Json } from '@stepwell/contracts';
import type { Type } from '@stepwell/sdk';
import type { Sql } from '@stepwell/storage';

/** What the tasks need to know of the screens that this process hosts. The runtime provides it. */
export abstract class ScreenProvider {
  /**
   * The class that validates a screen's answers.
   *
   * @param path of the screen's node in the graph
   * @param screen its id: versions of a workflow may have different screens in one place
   * @returns `undefined` when this build has no such workflow, or no screen at that path
   */
  abstract answerClassOf(workflow: string, path: string, screen: string): Type<object> | undefined;

  /**
   * Takes the documents that an answer holds for its run: from then on they stay.
   *
   * @param sql of the transaction that decides, before it locks the run
   * @param type the class that the answer fits
   * @returns what is wrong with them, by field; then none is taken
   */
  abstract takeDocuments(sql: Sql, tenant: string, type: Type<object>, answer: Json): Promise<readonly FieldError[]>;
}
