import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('ColumnValue', { description: 'What a column of the workflow says of one run.' })
export class ColumnValueObject {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'Null when there is none.' })
  readonly value!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it could not be read.' })
  readonly error!: string | null;
}

@ObjectType('ColumnValueCount')
export class ColumnValueCountObject {
  @Field(() => String)
  readonly value!: string;

  @Field(() => Int, { description: 'How many tasks have it, of those that were looked at.' })
  readonly count!: number;
}
