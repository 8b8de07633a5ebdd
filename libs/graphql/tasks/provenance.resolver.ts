import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { MOST_SEALS, Provenance } from '@stepwell/tasks';
import { CurrentViewer } from '../wire/graphql-context.js';
import { DecisionSealObject, ProvenanceCheckObject } from './provenance.object.js';
import { TaskObject } from './task.object.js';
import type { GivenTask } from './whole-task.js';

/** Four statements for each of up to ten records: one request may ask of some forty tasks. */
const SEALS_COST = 400;
/** A thousand records, whatever is selected: one request may ask for some four parts. */
const CHECK_COST = 4_000;

/** Whether what was decided is as it was sealed: of a task for whoever sees it, of the chain for operators. */
@Resolver(() => TaskObject)
@Policy('operator')
export class ProvenanceResolver {
  constructor(private readonly provenance: Provenance) {}

  @Policy('reviewer')
  @ResolveField(() => [DecisionSealObject], {
    complexity: SEALS_COST,
    description:
      'Of the records of its decisions, oldest first, of many the last ten. None: nobody has decided, or answers are hidden yet. Ask for it of one task, not of a list.',
  })
  async seals(@Parent() task: GivenTask, @CurrentViewer() { tenant }: Viewer): Promise<readonly DecisionSealObject[]> {
    return this.provenance.ofTask(tenant, task);
  }

  @Query(() => ProvenanceCheckObject, {
    complexity: CHECK_COST,
    description: 'Compares records of decisions with their seals, a part of the chain at a time; it only reads.',
  })
  async verifyProvenance(
    @CurrentViewer() { tenant }: Viewer,
    @Args('after', {
      type: () => String,
      nullable: true,
      description: 'The `head` of the part before, or an anchor. Default: from the first on.',
    })
    after: string | null | undefined,
    @Args('most', { type: () => Int, defaultValue: MOST_SEALS, description: 'How many seals; from 1 to 1,000.' }) most: number,
  ): Promise<ProvenanceCheckObject> {
    const { head, ...part } = await this.provenance.verify(tenant, { after: after ?? null, most });
    const reached = head?.seq ?? 0;
    return { ...part, head: head && `${head.seq}:${head.hash}`, hasMore: reached < part.last };
  }
}
