import type { Json } from '@stepwell/contracts';
import { type Fact, fold, type Graph, GraphReadContext } from '@stepwell/engine';
import type { AnyScreen, DecidingContext, EarlierDecision, MayDecide } from '@stepwell/sdk';
import type { TaskRecord } from '@stepwell/storage';
import { AuthorError, type DecidingQuestion } from '@stepwell/tasks';

/** What of a task its author is asked by. */
export type AskedTask = Pick<TaskRecord, 'run_id' | 'path' | 'iteration' | 'props'>;

/**
 * Asks a screen's `mayDecide`.
 *
 * @param facts of the run, all of them
 * @throws AuthorError when it throws, or says neither yes, no nor why
 */
export async function askAuthor(
  screen: AnyScreen,
  graph: Graph,
  facts: readonly Fact[],
  { tenant, task, person, startedBy: actor, decisions }: Omit<DecidingQuestion, 'task'> & { readonly task: AskedTask },
): Promise<MayDecide> {
  const { run_id: runId, path, iteration, props } = task;
  const node = graph.byPath.get(path);
  const run = new GraphReadContext(graph, fold(facts), { tenant, runId, actor });
  let said: unknown;
  try {
    said = await screen.mayDecide?.(person, withTask(node ? run.at(node, iteration) : run, props, decisions));
  } catch (error) {
    throw new AuthorError(`mayDecide threw: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (typeof said === 'boolean' || (typeof said === 'string' && said.trim() !== '')) return said;
  throw new AuthorError(`mayDecide gave ${JSON.stringify(said)}; it gives true, false, or a text that says why not.`);
}

/** The reader has getters that throw where they have nothing to tell: it is added to, not copied. */
function withTask(read: GraphReadContext, props: Json, decisions: readonly EarlierDecision[]): DecidingContext<never, Json> {
  return Object.create(read, { props: { value: props }, decisions: { value: decisions } }) as DecidingContext<never, Json>;
}
