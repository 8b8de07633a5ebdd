import type { Type } from '@stepwell/sdk';

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
}
