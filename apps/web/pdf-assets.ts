// What pdf.js fetches beside its worker: character maps, fonts, decoders, each when a document needs it. They are served by our own server,
// under the names that pdf.js knows.
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const PACKAGE = dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')));
const FOLDERS = ['cmaps', 'standard_fonts', 'wasm'];

/** Compiled code is not for us: the policy of the pages forbids it, and there are scripts that do the same. */
const isWanted = (name: string): boolean => !name.endsWith('.wasm') && !name.startsWith('quickjs');

export function pdfAssets(): Plugin {
  const names = FOLDERS.flatMap((folder) => readdirSync(join(PACKAGE, folder)).map((name) => `${folder}/${name}`));
  const wanted = names.filter((name) => isWanted(basename(name)));
  return {
    name: 'stepwell:pdf-assets',
    configureServer({ middlewares }) {
      middlewares.use('/pdfjs/', (request, response, next) => {
        const name = wanted.find((one) => request.url === `/${one}`);
        if (name === undefined) return next();
        if (name.endsWith('.js')) response.setHeader('content-type', 'text/javascript');
        createReadStream(join(PACKAGE, name)).pipe(response);
      });
    },
    generateBundle() {
      for (const name of wanted) this.emitFile({ type: 'asset', fileName: `pdfjs/${name}`, source: readFileSync(join(PACKAGE, name)) });
    },
  };
}
