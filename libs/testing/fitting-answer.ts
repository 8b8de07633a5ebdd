import { findNonJson, StepwellError } from '@stepwell/contracts';
import type { WorkflowCatalog } from '@stepwell/engine';
import { GraphScreenProvider, type Handlers } from '@stepwell/runtime';
import { validated } from '@stepwell/sdk';
import type { TaskView } from './stores/kit-store.js';

/** @throws StepwellError ANSWER_INVALID with the fields, when the answer does not fit the form of the task */
export async function requireFits(
  { catalog, handlers }: { readonly catalog: WorkflowCatalog; readonly handlers: Handlers },
  { id, workflow, path, screen }: TaskView,
  answer: unknown,
): Promise<void> {
  const bad = findNonJson(answer);
  if (bad) throw new StepwellError('ANSWER_INVALID', {}, { fields: [{ path: bad.path, message: bad.reason }] });
  const type = new GraphScreenProvider(catalog, handlers).answerClassOf(workflow, path, screen);
  if (!type) throw new Error(`Task ${id} belongs to no screen of "${workflow}".`);
  const checked = await validated(type, answer);
  if (!checked.ok) throw new StepwellError('ANSWER_INVALID', {}, { fields: checked.fields });
}
