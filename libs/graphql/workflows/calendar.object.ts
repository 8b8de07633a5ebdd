import { Field, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('BusinessOpening')
export class OpeningObject {
  @Field(() => DateTime)
  readonly from!: Date;

  @Field(() => DateTime)
  readonly to!: Date;
}

@ObjectType('BusinessDay')
export class BusinessDayObject {
  @Field(() => String, { description: 'The local date: `2026-12-25`.' })
  readonly date!: string;

  @Field(() => [OpeningObject], { description: 'When it is open; nothing on a closed day.' })
  readonly openings!: readonly OpeningObject[];

  @Field(() => String, { nullable: true, description: 'Why it is closed on a weekday that is open otherwise.' })
  readonly holiday!: string | null;
}

@ObjectType('BusinessCalendar', { description: 'What a business day is for a workflow.' })
export class CalendarObject {
  @Field(() => String, { description: 'IANA zone.' })
  readonly zone!: string;
}
