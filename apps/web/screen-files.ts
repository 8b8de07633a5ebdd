import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A component is found by its file's name alone: one that is named after no screen would never be shown, and one whose screen's id is used
 * in a second folder would be shown for the tasks of both.
 *
 * @param workflows the folder with a folder for each workflow
 * @returns what is wrong, as sentences with the files
 */
export function problemsOfScreens(workflows: string): string[] {
  const folders = readdirSync(workflows)
    .map((name) => join(workflows, name, 'screens'))
    .filter((folder) => existsSync(folder))
    .map((folder) => ({ folder, files: readdirSync(folder) }));
  return folders.flatMap(({ folder, files }) =>
    idsOf(files).flatMap((id) => {
      const beside = join(folder, `${id}.screen.ts`);
      if (!existsSync(beside) || !readFileSync(beside, 'utf8').includes(`id: '${id}'`))
        return [`${join(folder, id)}.tsx: there is no ${id}.screen.ts beside it with a screen whose id is '${id}'.`];
      const declared = new RegExp(`@Screen\\(\\{[^}]*\\bid: '${id}'`);
      const isUsedBy = (other: string, name: string): boolean =>
        name === `${id}.tsx` || (name.endsWith('.screen.ts') && declared.test(readFileSync(join(other, name), 'utf8')));
      const second = folders.find((other) => other.folder !== folder && other.files.some((name) => isUsedBy(other.folder, name)));
      return second
        ? [`${join(folder, id)}.tsx: '${id}' is the id of a screen in ${second.folder}, too. Give one of them another id.`]
        : [];
    }),
  );
}

function idsOf(files: readonly string[]): string[] {
  return files.flatMap((name) => (name.endsWith('.tsx') ? [name.slice(0, -'.tsx'.length)] : []));
}
