import type { Json } from '@stepwell/contracts';
import { takeDocuments } from '@stepwell/documents';
import type { HostedWorkflow } from '@stepwell/engine';
import { documentsIn } from '@stepwell/sdk';
import type { Sql } from '@stepwell/storage';
import { checkedInput, inputInvalid } from '../checked-input.js';

/**
 * An input that a run is to have from now on, as at a start: it fits its class, and its documents are there and stay.
 *
 * @throws StepwellError INPUT_INVALID, with the fields
 */
export async function takenInput(sql: Sql, tenant: string, hosted: HostedWorkflow, input: unknown): Promise<Json> {
  const { value } = await checkedInput(hosted, input);
  const { input: type } = hosted.definition;
  const problems = type ? await takeDocuments(sql, tenant, documentsIn(type, value)) : [];
  if (problems.length > 0) throw inputInvalid(problems);
  return value;
}
