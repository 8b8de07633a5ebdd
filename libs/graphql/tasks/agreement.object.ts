import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('FieldAgreement')
class FieldAgreementObject {
  @Field(() => String, { description: 'Items of lists are one: `parts.*.cost`.' })
  readonly path!: string;

  @Field(() => Int, { description: 'The suggested value was answered.' })
  readonly accepted!: number;

  @Field(() => Int, { description: 'Another one was.' })
  readonly changed!: number;

  @Field(() => Int, { description: 'A value was answered where none was suggested.' })
  readonly added!: number;

  @Field(() => Int, { description: 'None was answered where one was suggested.' })
  readonly cleared!: number;
}

@ObjectType('ConfidenceAgreement')
class ConfidenceAgreementObject {
  @Field(() => Float, { nullable: true, description: 'Null: values of which nobody said how sure they are.' })
  readonly from!: number | null;

  @Field(() => Float, { nullable: true })
  readonly to!: number | null;

  @Field(() => Int)
  readonly values!: number;

  @Field(() => Int)
  readonly accepted!: number;
}

@ObjectType('AgreementProposal', { description: 'After a hundred decisions and more without a change.' })
class AgreementProposalObject {
  @Field(() => String)
  readonly words!: string;

  @Field(() => String, { description: 'What may stand in the graph in place of the screen.' })
  readonly code!: string;
}

@ObjectType('ScreenAgreement', { description: 'How often people agreed with what a screen of a version suggested.' })
export class ScreenAgreementObject {
  @Field(() => String)
  readonly workflow!: string;

  @Field(() => Int)
  readonly version!: number;

  @Field(() => String)
  readonly screen!: string;

  @Field(() => String)
  readonly title!: string;

  @Field(() => String, { nullable: true, description: 'The step that recommends.' })
  readonly source!: string | null;

  @Field(() => Int)
  readonly decisions!: number;

  @Field(() => Int, { description: 'With exactly what was suggested, and nothing added.' })
  readonly unchanged!: number;

  @Field(() => Float, { description: 'With high: where the true share of unchanged ones lies, with 95 % certainty (Wilson).' })
  readonly low!: number;

  @Field(() => Float)
  readonly high!: number;

  @Field(() => [FieldAgreementObject])
  readonly fields!: readonly FieldAgreementObject[];

  @Field(() => [ConfidenceAgreementObject], { description: 'Suggested values by how sure they were, the surest first.' })
  readonly byConfidence!: readonly ConfidenceAgreementObject[];

  @Field(() => AgreementProposalObject, { nullable: true })
  readonly proposal!: AgreementProposalObject | null;
}
