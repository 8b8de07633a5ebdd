import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('RunIntervention', { description: 'What somebody said to a run while it lived.' })
export class RunInterventionObject {
  @Field(() => Int, { description: 'Of the fact in the journal.' })
  readonly seq!: number;

  @Field(() => String, {
    description:
      'run.paused, run.resumed, stop.lifted (it goes on behind a step), incident.retried, incident.resolved, context.updated or cancel.requested',
  })
  readonly type!: string;

  @Field(() => String, { description: 'Of the step that it is about; empty: the whole run.' })
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => ActorObject, { nullable: true, description: 'Null when it was no person and no key.' })
  readonly by!: ActorObject | null;

  @Field(() => String, { nullable: true })
  readonly reason!: string | null;

  @Field(() => DateTime)
  readonly at!: Date;
}
