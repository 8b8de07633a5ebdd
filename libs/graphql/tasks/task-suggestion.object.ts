import { Field, Float, ObjectType } from '@nestjs/graphql';
import type { Json } from '@stepwell/contracts';
import type { TaskView } from '@stepwell/tasks';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('FieldConfidence')
class FieldConfidenceObject {
  @Field(() => String, { description: 'The field, from the root of the answer: `parts.0.cost`.' })
  readonly path!: string;

  @Field(() => Float)
  readonly confidence!: number;
}

@ObjectType('LeftOutField')
class LeftOutFieldObject {
  @Field(() => String, { description: 'Empty: the suggestion as a whole.' })
  readonly path!: string;

  @Field(() => String)
  readonly message!: string;
}

@ObjectType('TaskSuggestion', { description: 'What an earlier step recommends as the answer: it fills the form until there is a draft.' })
export class TaskSuggestionObject {
  @Field(() => JsonScalar, { description: 'Fields of the answer; what is missing is not suggested.' })
  readonly values!: Json;

  @Field(() => Float, { nullable: true, description: 'From 0 to 1, of every field without one of its own. Null: nobody says.' })
  readonly confidence!: number | null;

  @Field(() => [FieldConfidenceObject], { description: 'Of single fields, and of all below them; the nearest counts.' })
  readonly fields!: readonly FieldConfidenceObject[];

  @Field(() => String, { nullable: true, description: 'The step that recommends it.' })
  readonly source!: string | null;

  @Field(() => Float, { description: 'A value of lower confidence counts as open.' })
  readonly openBelow!: number;

  @Field(() => [LeftOutFieldObject], { description: 'What could not be suggested, and why.' })
  readonly leftOut!: readonly LeftOutFieldObject[];
}

export function suggestionObject({ fields, ...suggestion }: NonNullable<TaskView['suggestion']>): TaskSuggestionObject {
  return { ...suggestion, fields: Object.entries(fields).map(([path, confidence]) => ({ path, confidence })) };
}
