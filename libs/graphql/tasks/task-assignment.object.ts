import { Field, InputType } from '@nestjs/graphql';

@InputType('NewAssignee', { description: 'One of them.' })
export class NewAssigneeInput {
  @Field(() => String, { nullable: true, description: 'The name that they sign in with.' })
  readonly user?: string | null;

  @Field(() => [String], { nullable: true, description: 'Whose members may claim it.' })
  readonly groups?: readonly string[] | null;
}
