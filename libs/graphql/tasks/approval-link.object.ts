import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Json } from '@stepwell/contracts';
import { UserErrorObject } from '../errors/user-error.object.js';
import { TaskStatus } from '../wire/enums.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('ApprovalLink', {
  description: 'One answer to one task, for one person; it is given by decideByLink, and to look at it gives nothing.',
})
export class ApprovalLinkObject {
  @Field(() => String, { description: 'What its button says.' })
  readonly label!: string;

  @Field(() => JsonScalar)
  readonly answer!: Json;

  @Field(() => String, { description: 'The name of whoever it is for.' })
  readonly person!: string;

  @Field(() => DateTime)
  readonly expiresAt!: Date;

  @Field(() => String)
  readonly taskId!: string;

  @Field(() => String)
  readonly title!: string;

  @Field(() => String)
  readonly subject!: string;

  @Field(() => String, { nullable: true })
  readonly instructions!: string | null;

  @Field(() => String)
  readonly workflow!: string;

  @Field(() => DateTime, { nullable: true })
  readonly dueAt!: string | null;

  @Field(() => TaskStatus)
  readonly status!: TaskStatus;

  @Field(() => Int, { description: 'Of the task, for decideByLink.' })
  readonly version!: number;

  @Field(() => JsonScalar, { nullable: true, description: 'What there is to decide.' })
  readonly props!: Json;
}

@ObjectType('DecideByLinkPayload')
export class DecideByLinkPayload {
  @Field(() => Boolean)
  readonly decided!: boolean;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
