import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';
import { StepErrorObject } from './step.object.js';

@ObjectType('Incident', { description: 'A step that cannot go on without a person: retry its run, or cancel it.' })
export class IncidentObject {
  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => String)
  readonly nodeId!: string;

  @Field(() => Int, { description: 'The last one.' })
  readonly attempt!: number;

  @Field(() => String, {
    description:
      'attempts-exhausted, poison (its attempts end the process they run in), undo-failed (of a compensation), or outcome-unknown (of an effect: see resolveIncident for both)',
  })
  readonly cause!: string;

  @Field(() => StepErrorObject)
  readonly error!: StepErrorObject;

  @Field(() => DateTime)
  readonly since!: string;
}
