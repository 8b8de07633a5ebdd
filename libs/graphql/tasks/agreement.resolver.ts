import { Args, Int, Query, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { TaskService } from '@stepwell/tasks';
import { checkedText } from '../wire/checked-text.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { ScreenAgreementObject } from './agreement.object.js';

@Resolver(() => ScreenAgreementObject)
@Policy('operator')
export class AgreementResolver {
  constructor(private readonly tasks: TaskService) {}

  @Query(() => [ScreenAgreementObject], {
    description: 'By screen and version, of decisions whose tasks had a suggestion; of a workflow the newest 10,000 of the time.',
  })
  agreement(
    @CurrentViewer() { tenant }: Viewer,
    @Args('workflow', { type: () => String, nullable: true, description: 'Default: all.' }) workflow: string | null | undefined,
    @Args('days', { type: () => Int, defaultValue: 90, description: 'How far back; from 1 to 366.' }) days: number,
  ): Promise<readonly ScreenAgreementObject[]> {
    return this.tasks.agreement(tenant, { workflow: checkedText('workflow', workflow), days });
  }
}
