import { IsIn, IsOptional, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

export const RESOLUTIONS = ['uphold', 'downgrade', 'close'] as const;

/** How a person settles a case that the letter did not. */
@JSONSchema({ title: 'Your resolution' })
export class DisputeResolution {
  @IsIn(RESOLUTIONS)
  @JSONSchema(() => ({
    type: 'string',
    title: 'Resolution',
    oneOf: [
      { const: 'uphold', title: 'Uphold: the strike was substantial' },
      { const: 'downgrade', title: 'Downgrade: the operator is right, it was minor' },
      { const: 'close', title: 'Close: the operator cannot be reached' },
    ],
  }))
  resolution!: (typeof RESOLUTIONS)[number];

  @IsOptional()
  @MaxLength(1_000)
  @JSONSchema({ title: 'Note', description: 'Why. At most 1000 characters.' })
  note?: string;
}
