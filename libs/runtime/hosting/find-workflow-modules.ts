import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StepwellError } from '@stepwell/contracts';
import { type Type, workflowModuleOptions } from '@stepwell/sdk';

/**
 * The workflow modules of a folder: a folder in it is hosted by being there, when it holds `<name>/<name>.module.js`.
 *
 * @param directory the compiled `workflows` folder
 * @throws StepwellError OPTION_INVALID when such a file exports no class with @WorkflowModule
 */
export async function findWorkflowModules(directory: string): Promise<Type<object>[]> {
  if (!existsSync(directory)) return [];
  const modules: Type<object>[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(directory, entry.name, `${entry.name}.module.js`);
    if (!entry.isDirectory() || !existsSync(file)) continue;
    const exported = Object.values((await import(pathToFileURL(file).href)) as Record<string, unknown>);
    const found = exported.filter(
      (value): value is Type<object> => typeof value === 'function' && workflowModuleOptions(value) !== undefined,
    );
    if (found.length === 0) {
      const where = `workflows/${entry.name}/${entry.name}.module`;
      throw new StepwellError('OPTION_INVALID', {
        where,
        reason: 'it exports no class with @WorkflowModule({ workflows: [...] }). Add it, or move the folder away.',
      });
    }
    modules.push(...found);
  }
  return modules;
}
