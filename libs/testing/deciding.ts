/**
 * Who decides a task in a test, and in which order: by the rules of a server, over what the test's store has. A test has no table of people:
 * they are what it says of them, so a name counts as one to sign in with, and the groups are those that it gives.
 */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import { afterReview } from '@stepwell/engine';
import { handsTo, keptByRows, type Named } from '@stepwell/tasks';
import { type Answerer, type AuthorParts, requireAuthorPermits } from './author-permits.js';
import { requireFits } from './fitting-answer.js';
import type { KitStore, TaskView } from './stores/kit-store.js';

export type DecidingParts = Pick<AuthorParts, 'catalog' | 'handlers' | 'journals'>;

export class Deciding {
  /** Tasks, in the order in which they were decided: the clock of a test stands still between two decisions. */
  private readonly order: string[] = [];

  constructor(private readonly store: KitStore) {}

  /** @throws StepwellError as a server's refusal: of whom it is for, then of the author, then of the answer; Error when it is not open any more */
  async answer(parts: DecidingParts, task: TaskView, answer: unknown, answerer: Answerer): Promise<void> {
    const { groups: _, ...actor } = answerer;
    const { excluded, starters, startedBy } = await this.store.circumstances(task);
    const named = namedBy(task);
    const isExcluded = excluded?.includes(actor.id) ?? false;
    const hasReviewed = task.reviews?.given.some(({ by }) => by.id === actor.id) ?? false;
    const found = { isMeant: isMeant(named, answerer), isExcluded: isExcluded || hasReviewed, hasReviewed };
    const refusal = keptByRows(named, found, actor.name);
    if (refusal) throw new StepwellError(refusal.code, refusal.details);
    const around = { startedBy, hasStarted: starters.includes(actor.id), decided: await this.decided(task) };
    await requireAuthorPermits(parts, task, answerer, around);
    await requireFits(parts, task, answer);
    const { reviews } = task;
    const isReview = reviews !== null && !reviews.isDisputed;
    const after = isReview ? afterReview(reviews, reviews.given.map((review) => review.answer), answer as Json) : 'decided'; // prettier-ignore
    const decision = { answer: answer as Json, actor, after, handsTo: handsTo(reviews, named, after === 'disputed') };
    if (!(await this.store.decide(task, decision))) throw new Error(`Task ${task.id} ("${task.title}") is not open any more.`);
    if (after === 'decided') this.order.push(task.id);
  }

  /** What was decided at other places of its run, in that order; what was decided by an escalation came when it was due. */
  private async decided({ runId, path, iteration }: TaskView): Promise<readonly TaskView[]> {
    const others = (await this.store.tasks()).filter((one) => one.runId === runId && (one.path !== path || one.iteration !== iteration));
    return others
      .filter(({ status }) => status === 'completed')
      .sort((a, b) => a.endedAt - b.endedAt || this.order.lastIndexOf(a.id) - this.order.lastIndexOf(b.id));
  }
}

function namedBy({ assignment }: TaskView): Named {
  const { assignee = null, candidateUsers: users = null, candidateGroups: groups = null } = assignment ?? {};
  return { assignee, users, groups };
}

/** As `isMeantFor` of `storage/queries/may-take.ts`; `conformance` holds the two together. */
function isMeant({ assignee, users, groups }: Named, person: Pick<Actor, 'name'> & Pick<Answerer, 'groups'>): boolean {
  if (assignee === null && !users && !groups) return true;
  return assignee === person.name || (users?.includes(person.name) ?? false) || (groups?.some((group) => person.groups?.includes(group)) ?? false); // prettier-ignore
}
