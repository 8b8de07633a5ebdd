import { IsISO8601, IsInt, IsOptional, Length, Matches, Max, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

/** No real cost comes near a trillion dollars; beyond that it is a slip. */
const MAX_DOLLARS = 999_999_999_999;

/** A wildlife-strike report: the input of a review. Its values are as reported; what they amount to is said by the triage. */
@JSONSchema({ title: 'Wildlife-strike report' })
export class StrikeReport {
  @Length(1, 100)
  @JSONSchema({ title: 'Report', description: 'The key of the record it came from.' })
  id!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Airport' })
  airport!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Aircraft' })
  aircraft!: string;

  @Length(1, 50)
  @JSONSchema({
    title: 'Reported damage',
    description: 'None, Minor, Medium, Substantial, C or B; anything else is looked at by a person.',
  })
  damage!: string;

  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property is a date written YYYY-MM-DD' })
  @JSONSchema({ title: 'Flight date', format: 'date' })
  flightDate!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Operator' })
  operator!: string;

  @Length(1, 100)
  @JSONSchema({ title: 'State' })
  originState!: string;

  @Length(1, 50)
  @JSONSchema({ title: 'Phase of flight' })
  phase!: string;

  @Length(1, 50)
  @JSONSchema({ title: 'Size of the animal' })
  wildlifeSize!: string;

  @Length(1, 200)
  @JSONSchema({ title: 'Species' })
  species!: string;

  @Length(1, 50)
  @JSONSchema({ title: 'Time of day' })
  timeOfDay!: string;

  @IsInt()
  @Min(0)
  @Max(MAX_DOLLARS)
  @JSONSchema({ title: 'Other cost in US dollars' })
  costOther!: number;

  @IsInt()
  @Min(0)
  @Max(MAX_DOLLARS)
  @JSONSchema({ title: 'Repair cost in US dollars' })
  costRepair!: number;

  @IsInt()
  @Min(0)
  @Max(MAX_DOLLARS)
  @JSONSchema({ title: 'Total cost in US dollars' })
  costTotal!: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(9_999)
  @JSONSchema({ title: 'Indicated airspeed in knots' })
  speedKnots?: number | null;
}
