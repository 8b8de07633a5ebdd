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

  it('passes over folders without a module file', async () => {
    mkdirSync(join(folder, 'notes'));
    expect(await findWorkflowModules(folder)).toEqual([]);
  });

  it('refuses a module file that exports no workflow module', async () => {
    add('order', 'export class OrderModule {}');
    await expect(findWorkflowModules(folder)).rejects.toThrow(
      'workflows/order/order.module: it exports no class with @WorkflowModule({ workflows: [...] }). Add it, or move the folder away.',
    );
  });
});
