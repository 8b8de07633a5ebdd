/** Whether the author of a screen lets somebody answer a task (`mayDecide`): asked as a server asks, of what the test's store has. */
import { type Actor, StepwellError } from '@stepwell/contracts';
import type { JournalStore, WorkflowCatalog } from '@stepwell/engine';
import { askAuthor, type Handlers } from '@stepwell/runtime';
import { AuthorError, SAYS_NO } from '@stepwell/tasks';
import { type TaskView, TENANT } from './stores/kit-store.js';

/** Who answers a task in a test. */
export interface Answerer extends Actor {
  /** Those that a task may be for, and of which `mayDecide` is told; by default none. */
  readonly groups?: readonly string[];
}

export interface AuthorParts {
  readonly catalog: WorkflowCatalog;
  readonly handlers: Handlers;
  readonly journals: Pick<JournalStore, 'read'>;
}

/** What an author is told beside the task and the person. */
export interface Around {
  /** Who started the run. */
  readonly startedBy: Actor | null;
  /** The person has started the run, or what led to it. */
  readonly hasStarted: boolean;
  /** Other tasks of the run, in the order in which they were decided. */
  readonly decided: readonly TaskView[];
}

/** @throws StepwellError TASK_NOT_PERMITTED with what the author says, TASK_PERMISSION_UNKNOWN when his code throws */
export async function requireAuthorPermits(
  { catalog, handlers, journals }: AuthorParts,
  task: TaskView,
  { id, name, kind, groups = [] }: Answerer,
  { startedBy, hasStarted, decided }: Around,
): Promise<void> {
  const graph = catalog.version(task.workflow, task.workflowVersion)?.graph;
  const definition = graph?.byPath.get(task.path)?.definition;
  const screen = definition?.kind === 'screen' ? handlers.screen(definition.screen) : undefined;
  if (!graph || !screen?.mayDecide) return;
  const { id: taskId, runId, path, iteration, props } = task;
  const facts = (await journals.read([{ tenant: TENANT, id: runId }])).get(runId) ?? [];
  const decisions = decided.map((one) => ({ screen: one.screen, node: one.path, by: one.decidedBy, answer: one.answer }));
  const question = { tenant: TENANT, task: { run_id: runId, path, iteration, props }, startedBy, decisions };
  try {
    const said = await askAuthor(screen, graph, facts, { ...question, person: { id, name, kind, groups, hasStarted } });
    if (said !== true) throw new StepwellError('TASK_NOT_PERMITTED', { who: name, reason: said === false ? SAYS_NO : said });
  } catch (error) {
    if (!(error instanceof AuthorError)) throw error;
    throw new StepwellError('TASK_PERMISSION_UNKNOWN', { who: name, id: taskId, reason: error.message }, { cause: error });
  }
}
