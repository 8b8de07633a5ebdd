import { IsIn, IsOptional, MaxLength, ValidateIf } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { SEVERITIES, type Severity } from '../severity.js';

export const VERDICTS = ['confirm', 'correct', 'reject'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a reviewer answers. */
@JSONSchema({ title: 'Your decision' })
export class StrikeDecision {
  @IsIn(VERDICTS)
  @JSONSchema(() => ({
    type: 'string',
    title: 'Verdict',
    oneOf: [
      { const: 'confirm', title: 'Confirm: the recommendation is right' },
      { const: 'correct', title: 'Correct: another severity applies' },
      { const: 'reject', title: 'Reject: this is no valid report' },
    ],
  }))
  verdict!: Verdict;

  @ValidateIf((answer: StrikeDecision) => answer.verdict === 'correct' || answer.severity != null)
  @IsIn(SEVERITIES, { message: 'To correct the recommendation, choose the severity that applies.' })
  @JSONSchema(() => ({
    type: 'string',
    title: 'Severity',
    description: 'Needed when you correct. When you confirm, it repeats the recommendation or is empty. A rejected report has none.',
    oneOf: [
      { const: 'none', title: 'None: no damage' },
      { const: 'minor', title: 'Minor: airworthy again after simple repair' },
      { const: 'substantial', title: 'Substantial: structure, performance or flight characteristics suffered' },
    ],
  }))
  severity?: Severity;

  @IsOptional()
  @MaxLength(500)
  @JSONSchema({ title: 'Note', description: 'For whoever reads the registry later. At most 500 characters.' })
  note?: string;
}
