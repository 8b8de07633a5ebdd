import type { BranchResult } from '@stepwell/sdk';
import type { OperatorReply } from '../operator/operator-reply.js';

/** The output of the node `letter`: what became of the letter, also when the step failed for good. */
export interface LetterNode {
  readonly operator: BranchResult<OperatorReply>;
}

/** What became of the letter. `statement` is the operator's word, or why there is none. */
export interface LetterResult {
  readonly letter: 'agreed' | 'disputed' | 'unanswered';
  readonly statement: string;
}

export function letterResult({ operator }: LetterNode): LetterResult {
  if (operator.status === 'failed') return { letter: 'unanswered', statement: operator.error.message };
  return { letter: operator.output.position, statement: operator.output.statement };
}
