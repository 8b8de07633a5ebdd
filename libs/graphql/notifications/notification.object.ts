import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('UndeliveredNotification', { description: 'A message that was given up.' })
export class UndeliveredNotificationObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly channel!: string;

  @Field(() => Int)
  readonly attempts!: number;

  @Field(() => String, { nullable: true, description: 'Of the last attempt.' })
  readonly error!: string | null;

  @Field(() => DateTime)
  readonly createdAt!: Date;
}

@ObjectType('NotificationSettings', { description: 'How the viewer is told of tasks.' })
export class NotificationSettingsObject {
  @Field(() => [String], { description: 'What this installation can send by: mail, webhook. None: it tells nobody anything.' })
  readonly available!: readonly string[];

  @Field(() => String, { nullable: true })
  readonly address!: string | null;

  @Field(() => Boolean, { description: 'Nothing is sent to an address that is not, but the link that verifies it.' })
  readonly isAddressVerified!: boolean;

  @Field(() => [String], { description: 'By which the viewer wants to be told.' })
  readonly channels!: readonly string[];

  @Field(() => [String], {
    description: 'Of what: assigned, opened, escalated, due-soon, overdue, comment.mentioned, comment.added, nobody-left (operators).',
  })
  readonly kinds!: readonly string[];

  @Field(() => String, { description: 'at-once, or a digest: hourly, daily.' })
  readonly rhythm!: string;

  @Field(() => String, { description: 'Of the daily digest: 08:00.' })
  readonly dailyAt!: string;

  @Field(() => String, { description: 'Of all these times: Europe/Berlin.' })
  readonly zone!: string;

  @Field(() => String, { nullable: true, description: 'Nothing is sent from then, 22:00, until the other.' })
  readonly quietFrom!: string | null;

  @Field(() => String, { nullable: true })
  readonly quietUntil!: string | null;

  @Field(() => [UndeliveredNotificationObject], { description: 'The newest 20.' })
  readonly undelivered!: readonly UndeliveredNotificationObject[];
}

@InputType('NotificationSettingsInput')
export class NotificationSettingsInput {
  @Field(() => [String])
  readonly channels!: readonly string[];

  @Field(() => [String])
  readonly kinds!: readonly string[];

  @Field(() => String)
  readonly rhythm!: string;

  @Field(() => String)
  readonly dailyAt!: string;

  @Field(() => String)
  readonly zone!: string;

  @Field(() => String, { nullable: true })
  readonly quietFrom!: string | null | undefined;

  @Field(() => String, { nullable: true })
  readonly quietUntil!: string | null | undefined;
}

@ObjectType('NotificationSettingsPayload')
export class NotificationSettingsPayload {
  @Field(() => NotificationSettingsObject, { nullable: true })
  readonly settings!: NotificationSettingsObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
