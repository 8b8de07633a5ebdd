import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
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

@ObjectType('BusinessWeekday')
export class WeekdayObject {
  @Field(() => String, { description: '`monday`.' })
  readonly weekday!: string;

  @Field(() => [String], { description: '`08:00-12:00`; nothing when it is closed.' })
  readonly hours!: readonly string[];
}

@ObjectType('UnusualDay', {
  description: 'A day that is not as its weekday is: a public holiday, a closed day, one with hours of its own.',
})
export class UnusualDayObject {
  @Field(() => String, { description: 'The local date: `2026-12-25`.' })
  readonly date!: string;

  @Field(() => String, { nullable: true, description: 'The name of the public holiday, on a weekend, too.' })
  readonly holiday!: string | null;

  @Field(() => [OpeningObject], { description: 'Its own hours; nothing when it is closed.' })
  readonly openings!: readonly OpeningObject[];
}

@ObjectType('CountedDay')
export class CountedDayObject extends BusinessDayObject {
  @Field(() => Float, { description: 'What of the time falls on it: 1 of a time in days, else milliseconds. 0 when it is passed over.' })
  readonly counted!: number;
}

@ObjectType('BusinessCount', { description: 'How a time in business time comes to its end.' })
export class BusinessCountObject {
  @Field(() => DateTime)
  readonly from!: Date;

  @Field(() => DateTime, { description: 'When it begins to count: later than `from` when that is out of hours.' })
  readonly begin!: Date;

  @Field(() => DateTime)
  readonly end!: Date;

  @Field(() => Boolean, { description: 'It is plain time, which passes by night and on holidays, too.' })
  readonly isPlain!: boolean;

  @Field(() => Boolean)
  readonly isInDays!: boolean;

  @Field(() => [CountedDayObject], { description: 'From the day of `from` on, up to a hundred; none of plain time.' })
  readonly days!: readonly CountedDayObject[];
}

@ObjectType('CalendarUse', { description: 'A version of a workflow that counts by a calendar.' })
export class CalendarUseObject {
  @Field(() => String)
  readonly workflow!: string;

  @Field(() => Int)
  readonly version!: number;

  @Field(() => String)
  readonly title!: string;
}

@ObjectType('BusinessCalendar', { description: 'What a business day is for one or several workflows.' })
export class CalendarObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String, { nullable: true, description: 'Null when it is the own calendar of a workflow.' })
  readonly name!: string | null;

  @Field(() => String, { description: 'IANA zone.' })
  readonly zone!: string;

  @Field(() => String, { nullable: true, description: 'Whose public holidays it keeps: `DE`, `DE, BE`.' })
  readonly place!: string | null;

  @Field(() => [WeekdayObject], { description: 'Seven days, Monday first.' })
  readonly week!: readonly WeekdayObject[];

  @Field(() => [CalendarUseObject], { description: 'The newest version of each workflow first.' })
  readonly usedBy!: readonly CalendarUseObject[];
}
