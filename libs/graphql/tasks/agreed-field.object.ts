import type { Json } from '@stepwell/contracts';
import { Field, Float, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('AgreedField')
export class AgreedFieldObject {
  @Field(() => String, { description: 'From the root of the answer: `parts.0.cost`.' })
  readonly path!: string;

  @Field(() => String, { description: 'accepted, changed, added (nothing was suggested) or cleared (nothing was answered).' })
  readonly outcome!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'What was suggested, when it was changed or cleared.' })
  readonly from?: Json;

  @Field(() => Float, { nullable: true })
  readonly confidence?: number;
}
