import { Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { CurrentViewer } from '../wire/graphql-context.js';
import { RunConnection } from './run.object.js';
import { RunReads } from './run-reads.js';

@Resolver(() => RunConnection)
@Policy('reviewer')
export class RunConnectionResolver {
  constructor(private readonly reads: RunReads) {}

  @ResolveField(() => Int, { description: 'How many fit the filter, counted when it is asked for; 10,001 means more than 10,000.' })
  totalCount(@Parent() { filter }: RunConnection, @CurrentViewer() { tenant }: Viewer): Promise<number> {
    return this.reads.count(tenant, filter);
  }
}
