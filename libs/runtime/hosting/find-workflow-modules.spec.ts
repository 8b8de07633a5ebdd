import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findWorkflowModules } from './find-workflow-modules.js';

describe('finding workflow modules', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stepwell-workflows-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const add = (name: string, source: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, `${name}.module.js`), source);
  };

  it('finds none where there is no folder', async () => {
    expect(await findWorkflowModules(join(folder, 'nowhere'))).toEqual([]);
  });

  it('passes over folders without a module file, and over files, and says so of the folders', async () => {
    mkdirSync(join(folder, 'notes'));
    writeFileSync(join(folder, 'README.md'), '');
    const said: string[] = [];
    expect(await findWorkflowModules(folder, (line) => said.push(line))).toEqual([]);
    expect(said).toEqual(['workflows/notes is not hosted: it holds no notes.module.ts. Add it, or move the folder away.']);
  });

  it('says of a module that cannot be imported which it is, why, and in which line', async () => {
    const workflows = join(folder, 'workflows');
    mkdirSync(join(workflows, 'order'), { recursive: true });
    writeFileSync(join(workflows, 'order/order.module.js'), `\nthrow new TypeError('no such thing.\\nMore');`);
    await expect(findWorkflowModules(workflows)).rejects.toThrow(
      /^workflows\/order\/order\.module: it cannot be imported: no such thing \(workflows\/order\/order\.module\.js:2:7\)\. Mend it, or .+$/,
    );
  });

  it('refuses a module file that exports no workflow module', async () => {
    add('order', 'export class OrderModule {}');
    await expect(findWorkflowModules(folder)).rejects.toThrow(
      'workflows/order/order.module: it exports no class with @WorkflowModule({ workflows: [...] }). Add it, or move the folder away.',
    );
  });
});
