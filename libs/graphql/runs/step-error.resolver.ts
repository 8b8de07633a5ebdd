import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { CurrentViewer } from '../wire/graphql-context.js';
import { readsStacks } from './stacks.js';
import { StepErrorObject } from './step.object.js';

@Policy('reviewer')
@Resolver(() => StepErrorObject)
export class StepErrorResolver {
  @ResolveField(() => String, { nullable: true })
  stack(@Parent() { stack }: StepErrorObject, @CurrentViewer() viewer: Viewer): string | null {
    return readsStacks(viewer) ? stack : null;
  }
}
