import { Field, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { RunObject } from './run.object.js';

@ObjectType('StartRunPayload')
export class StartRunPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => Boolean, { description: 'True when the idempotency key had been used and run is the first one.' })
  readonly existing!: boolean;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('CancelRunPayload')
export class CancelRunPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('PauseRunPayload')
export class PauseRunPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('ResumeRunPayload')
export class ResumeRunPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('SignalRunPayload')
export class SignalRunPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('UpdateContextPayload')
export class UpdateContextPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('InjectNodesPayload')
export class InjectNodesPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => Boolean, { description: 'The idempotency key had been used for this run; nothing was injected.' })
  readonly existing!: boolean;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('RetryRunPayload')
export class RetryRunPayload {
  @Field(() => RunObject, {
    nullable: true,
    description: 'The run that goes on: the same one after an incident, else the one that retries it.',
  })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('ResolveIncidentPayload')
export class ResolveIncidentPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('SettleAsyncResultPayload')
export class SettleAsyncResultPayload {
  @Field(() => Boolean)
  readonly settled!: boolean;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
