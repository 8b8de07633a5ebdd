import { Field, InputType } from '@nestjs/graphql';
import { RunStatus } from '../wire/enums.js';

@InputType('RunFilter')
export class RunFilter {
  @Field(() => [RunStatus], { nullable: true })
  readonly status?: readonly RunStatus[] | null;

  @Field(() => String, { nullable: true })
  readonly workflow?: string | null;
}
