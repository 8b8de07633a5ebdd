import { IsISO8601, IsInt, IsOptional, Length, Matches, MaxLength, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { DocumentListField, type DocumentReference } from '@stepwell/sdk';

/** A substantial strike that is followed up with the aircraft's operator: the input of a follow-up. */
@JSONSchema({ title: 'Follow-up of a substantial strike' })
export class FollowupCase {
  @Length(1, 100)
  @JSONSchema({ title: 'Report' })
  reportId!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Operator' })
  operator!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Aircraft' })
  aircraft!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Airport' })
  airport!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Species' })
  species!: string;

  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property is a date written YYYY-MM-DD' })
  @JSONSchema({ title: 'Flight date', format: 'date' })
  flightDate!: string;

  @IsInt()
  @Min(0)
  @JSONSchema({ title: 'Total cost in US dollars' })
  costTotal!: number;

  @IsOptional()
  @MaxLength(500)
  @JSONSchema({ title: 'The reviewer’s note' })
  note?: string | null;

  /** What whoever starts it by hand has of the operator: whoever settles it reads it beside the form. */
  @IsOptional()
  @DocumentListField({ types: ['application/pdf', 'image/*'], maxCount: 5 })
  @JSONSchema({ title: 'Papers of the operator' })
  papers?: DocumentReference[];
}
