import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';

@InputType('TeamPeriod', { description: 'Whole days in a zone, at most 366: either so many up to today, or from one to another.' })
export class TeamPeriodInput {
  @Field(() => String, { description: 'IANA: "Europe/Berlin".' })
  readonly zone!: string;

  @Field(() => Int, { nullable: true })
  readonly days?: number | null;

  @Field(() => String, { nullable: true, description: '"2026-11-01"; with `to`, both included.' })
  readonly from?: string | null;

  @Field(() => String, { nullable: true })
  readonly to?: string | null;
}

@InputType('TeamFilter')
export class TeamFilterInput {
  @Field(() => String, { nullable: true })
  readonly workflow?: string | null;

  @Field(() => String, { nullable: true })
  readonly screen?: string | null;

  @Field(() => ID, { nullable: true, description: 'What this actor decided; of open tasks, what they hold or are assigned.' })
  readonly reviewer?: string | null;
}

@ObjectType('DecisionTime', {
  description: 'How long decisions took, by values that occurred: half of them no longer than p50, nine of ten no longer than p90.',
})
export class DecisionTimeObject {
  @Field(() => Int, { description: 'Of how many decisions it is known.' })
  readonly count!: number;

  @Field(() => Float, { nullable: true, description: 'Milliseconds; null without any.' })
  readonly p50Ms!: number | null;

  @Field(() => Float, { nullable: true })
  readonly p90Ms!: number | null;
}

@ObjectType('EndedTaskFigures', { description: 'Of the tasks that ended in the period. A decision that was taken back is none.' })
export class EndedTaskFiguresObject {
  @Field(() => Int, { description: 'By a person, or by a machine with a key.' })
  readonly decided!: number;

  @Field(() => Int, { description: 'Of the decided ones: by canceling the task.' })
  readonly canceled!: number;

  @Field(() => Int, { description: 'Of the decided ones: after they were due.' })
  readonly decidedLate!: number;

  @Field(() => Int, { description: 'Nobody came in time, and the screen has an answer for that.' })
  readonly answeredByDefault!: number;

  @Field(() => Int, { description: 'Nobody came in time, and the screen failed.' })
  readonly expired!: number;

  @Field(() => Int, { description: 'Their run or branch ended first.' })
  readonly withdrawn!: number;

  @Field(() => Int, { description: 'Of those that nobody decided: after they were due.' })
  readonly undecidedLate!: number;

  @Field(() => DecisionTimeObject, { description: 'From the opening of the task to its decision, nights and weekends included.' })
  readonly sinceOpened!: DecisionTimeObject;

  @Field(() => DecisionTimeObject, { description: 'From when whoever decided last took the task.' })
  readonly sinceTaken!: DecisionTimeObject;

  @Field(() => DecisionTimeObject, {
    description:
      'As sinceOpened, by the open hours of the calendar that the workflow has now; without the tasks of workflows that have none.',
  })
  readonly inBusinessTime!: DecisionTimeObject;
}

@ObjectType('OpenTaskFigures', { description: 'Of the tasks that are open now, whenever they were opened.' })
export class OpenTaskFiguresObject {
  @Field(() => Int)
  readonly total!: number;

  @Field(() => Int, { description: 'Somebody holds them.' })
  readonly held!: number;

  @Field(() => Int)
  readonly overdue!: number;

  @Field(() => Int, { description: 'By the end of the day, and not overdue.' })
  readonly dueToday!: number;

  @Field(() => Int)
  readonly dueLater!: number;

  @Field(() => Int)
  readonly withoutDue!: number;
}

@ObjectType('OpenTaskAge')
export class OpenTaskAgeObject extends OpenTaskFiguresObject {
  @Field(() => Float, { description: 'Open for longer than so many milliseconds.' })
  readonly fromMs!: number;

  @Field(() => Float, { nullable: true, description: 'And no longer than these; null for the oldest.' })
  readonly toMs!: number | null;
}

@ObjectType('TeamDay')
export class TeamDayObject {
  @Field(() => String, { description: '"2026-11-01", in the zone of the period.' })
  readonly date!: string;

  @Field(() => EndedTaskFiguresObject)
  readonly ended!: EndedTaskFiguresObject;

  @Field(() => Int, { description: 'Given on this day to tasks that several people answer, without those that decided.' })
  readonly answers!: number;
}

@ObjectType('TeamReviewer')
export class TeamReviewerObject {
  @Field(() => ID, { description: 'Of the actor: a person, or a key.' })
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => OpenTaskFiguresObject, { description: 'What they hold, or are assigned while nobody holds it.' })
  readonly open!: OpenTaskFiguresObject;

  @Field(() => EndedTaskFiguresObject)
  readonly ended!: EndedTaskFiguresObject;

  @Field(() => Int, { description: 'Given in the period to tasks that several people answer, without those that decided.' })
  readonly answers!: number;

  @Field(() => Int, { description: 'Decisions that they took back in the period.' })
  readonly takenBack!: number;
}

@ObjectType('TeamScreen')
export class TeamScreenObject {
  @Field(() => String)
  readonly workflow!: string;

  @Field(() => String)
  readonly screen!: string;

  @Field(() => String)
  readonly title!: string;

  @Field(() => OpenTaskFiguresObject)
  readonly open!: OpenTaskFiguresObject;

  @Field(() => EndedTaskFiguresObject)
  readonly ended!: EndedTaskFiguresObject;

  @Field(() => Int, { description: 'Given in the period to tasks that several people answer, without those that decided.' })
  readonly answers!: number;
}

@ObjectType('TeamReport')
export class TeamReportObject {
  @Field(() => DateTime)
  readonly from!: Date;

  @Field(() => DateTime, { description: 'Exclusive.' })
  readonly until!: Date;

  @Field(() => DateTime, { description: 'When it was counted: what is open, is open then.' })
  readonly at!: Date;

  @Field(() => Boolean, { description: 'The viewer sees his own figures only, as every reviewer does who is no operator.' })
  readonly isOwn!: boolean;

  @Field(() => OpenTaskFiguresObject)
  readonly open!: OpenTaskFiguresObject;

  @Field(() => [OpenTaskAgeObject], { description: 'By how long they are open, the youngest first; always all of them.' })
  readonly ages!: readonly OpenTaskAgeObject[];

  @Field(() => EndedTaskFiguresObject)
  readonly ended!: EndedTaskFiguresObject;

  @Field(() => Int, { description: 'Decisions that were taken back in the period.' })
  readonly takenBack!: number;

  @Field(() => Int, { description: 'Given in the period to tasks that several people answer, without those that decided.' })
  readonly answers!: number;

  @Field(() => [TeamDayObject], { description: 'Every day of the period, by when tasks ended.' })
  readonly days!: readonly TeamDayObject[];

  @Field(() => [TeamReviewerObject], { description: 'Who has decided most first.' })
  readonly reviewers!: readonly TeamReviewerObject[];

  @Field(() => [TeamScreenObject])
  readonly screens!: readonly TeamScreenObject[];
}
