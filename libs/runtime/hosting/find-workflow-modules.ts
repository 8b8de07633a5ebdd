import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StepwellError } from '@stepwell/contracts';
import { type Type, workflowModuleOptions } from '@stepwell/sdk';
import { rememberFolder } from './module-name.js';

/**
 * The workflow modules of a folder: a folder in it is hosted by being there, when it holds `<name>/<name>.module.js`.
 *
 * @param directory the compiled `workflows` folder
 * @param warn is told, in one line, of each folder that is not hosted because it holds no such file
 * @param extension of the files: `ts` where a loader compiles them
 * @throws StepwellError OPTION_INVALID when such a file cannot be imported, or exports no class with @WorkflowModule
 */
export async function findWorkflowModules(
  directory: string,
  warn: (line: string) => void = () => undefined,
  extension: 'js' | 'ts' = 'js',
): Promise<Type<object>[]> {
  if (!existsSync(directory)) return [];
  const modules: Type<object>[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    const file = join(directory, entry.name, `${entry.name}.module.${extension}`);
    const where = `workflows/${entry.name}/${entry.name}.module`;
    if (!existsSync(file)) {
      warn(`workflows/${entry.name} is not hosted: it holds no ${entry.name}.module.ts. Add it, or move the folder away.`);
      continue;
    }
    const exported = Object.values(await importFrom(file, where));
    const found = exported.filter(
      (value): value is Type<object> => typeof value === 'function' && workflowModuleOptions(value) !== undefined,
    );
    if (found.length === 0) {
      throw new StepwellError('OPTION_INVALID', {
        where,
        reason: 'it exports no class with @WorkflowModule({ workflows: [...] }). Add it, or move the folder away.',
      });
    }
    for (const module of found) rememberFolder(module, `workflows/${entry.name}`);
    modules.push(...found);
  }
  return modules;
}

async function importFrom(file: string, where: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    // The first place in a workflow that the stack names; an error of the module loader has none.
    const place = /\bworkflows\/[^\s()]+:\d+:\d+/.exec(error.stack ?? '')?.[0];
    const [what = ''] = error.message.split('\n');
    const reason = `it cannot be imported: ${what.replace(/\.$/, '')}${place ? ` (${place})` : ''}. Mend it, or move the folder away.`;
    throw new StepwellError('OPTION_INVALID', { where, reason }, { cause });
  }
}
