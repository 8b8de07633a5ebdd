/**
 * Writes the picture of every graph of the playbook into the README of its pattern, from the graph itself: `npm run draw`. Behind the line
 * `<!-- graph of <workflow> -->` stands its drawing as Mermaid, which GitHub and most editors show as a picture. `playbook.spec.ts` compares.
 */
import 'reflect-metadata';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, mermaid } from '@stepwell/engine';
import { definitionOf, type Type, workflowModuleOptions } from '@stepwell/sdk';

const PLAYBOOK = join(import.meta.dirname, 'playbook');
const PATTERN = /^\d\d-([a-z0-9-]+)$/;
const FENCE = '```';

export interface Pattern {
  /** `01-payment-failover` */
  readonly folder: string;
  readonly readme: string;
  /** Of each workflow its drawing, in the order of the module; of one with several versions, by `name@version`. */
  readonly graphs: ReadonlyMap<string, string>;
}

export async function patterns(): Promise<readonly Pattern[]> {
  const folders = readdirSync(PLAYBOOK).filter((name) => PATTERN.test(name));
  return Promise.all(
    folders.sort().map(async (folder) => {
      const name = PATTERN.exec(folder)?.[1] ?? '';
      const exported = (await import(`./playbook/${folder}/${name}.module.js`)) as Record<string, Type<object>>;
      const workflows = Object.values(exported).flatMap((module) => workflowModuleOptions(module)?.workflows ?? []);
      const definitions = workflows.map(definitionOf);
      const graphs = definitions.map((definition) => {
        const isOnly = definitions.every(({ name, version }) => name !== definition.name || version === definition.version);
        return [isOnly ? definition.name : `${definition.name}@${definition.version}`, mermaid(compile(definition))] as const;
      });
      return { folder, readme: readFileSync(readmeOf(folder), 'utf8'), graphs: new Map(graphs) };
    }),
  );
}

/** @returns the README as it should be. @throws Error when it has no place for a graph */
export function illustrated({ folder, readme, graphs }: Pattern): string {
  let text = readme;
  for (const [workflow, graph] of graphs) {
    const place = `<!-- graph of ${workflow} -->\n`;
    const [before, after, ...others] = text.split(place);
    if (before === undefined || after === undefined || others.length > 0)
      throw new Error(`${folder}/README.md needs the line "${place.trim()}" once; the picture of "${workflow}" goes behind it.`);
    text = `${before}${place}\n${FENCE}mermaid\n${graph}\n${FENCE}\n${after.replace(new RegExp(`^\\n${FENCE}mermaid\\n.*?\\n${FENCE}\\n`, 's'), '')}`;
  }
  return text;
}

function readmeOf(folder: string): string {
  return join(PLAYBOOK, folder, 'README.md');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const pattern of await patterns()) writeFileSync(readmeOf(pattern.folder), illustrated(pattern));
}
