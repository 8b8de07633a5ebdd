/** How a boot error names a workflow module: two copies of one folder have classes of one name, so the folder belongs to it. */
import type { Type } from '@stepwell/sdk';

const folders = new WeakMap<Type<object>, string>();

/** @param folder where the module was found, such as `workflows/order` */
export function rememberFolder(module: Type<object>, folder: string): void {
  folders.set(module, folder);
}

/** Where the module was found; undefined when it was not found in a folder. */
export function folderOf(module: Type<object>): string | undefined {
  return folders.get(module);
}

export function moduleName(module: Type<object>): string {
  const folder = folderOf(module);
  return folder === undefined ? module.name : `${module.name} in ${folder}`;
}
