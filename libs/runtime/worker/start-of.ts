import { type ChildDraft, DEFAULT_QUEUE, type HostedWorkflow, startTerms } from '@stepwell/engine';
import { checkedInput } from '../checked-input.js';

/**
 * What is needed to start a run of a workflow from another one.
 *
 * @throws StepwellError INPUT_INVALID when the input does not fit the workflow
 */
export async function startOf(hosted: HostedWorkflow, input: unknown): Promise<Omit<ChildDraft, 'id' | 'workflow' | 'isAwaited'>> {
  const { value } = await checkedInput(hosted, input);
  return { version: hosted.definition.version, queue: DEFAULT_QUEUE, input: value, ...startTerms(hosted.definition, value) };
}
