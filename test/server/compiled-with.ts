/** The compiled server with another workflow in place of the project's: what a process does depends on what it hosts. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface CompiledProject {
  /** For `startServer({ dist })`. */
  readonly dist: string;
  remove(): void;
}

/**
 * @param workflows JavaScript: the elements of the list of workflows, made with what the sdk exports, all of it under `sdk`
 * @param before JavaScript that stands before them: their classes
 * @param providers those of the classes that Nest builds, by name
 */
export function compiledWith(workflows: string, before = '', providers: readonly string[] = []): CompiledProject {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-compiled-'));
  const dist = join(folder, 'dist');
  // Copies, because Node follows links, and the server looks for workflows beside where its file really is.
  for (const part of ['apps', 'libs', 'migrations']) cpSync(join('dist', part), join(dist, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(dist, 'workflows/hosted'), { recursive: true });
  writeFileSync(
    join(dist, 'workflows/hosted/hosted.module.js'),
    `import * as sdk from '../../libs/sdk/index.js';
     ${before}
     export class HostedModule {}
     sdk.WorkflowModule({ workflows: [${workflows}], providers: [${providers.join(', ')}] })(HostedModule);`,
  );
  return { dist, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
