/**
 * Each process of a campaign as one file: hundreds are started, and most of what a start takes is finding and reading two thousand files.
 * What runs is the same code; but for the bug of STEPWELL_MUTATION, where it is one of the code.
 */
import { defineConfig, type Plugin } from 'vite';
import { type Mutation, type MutationName, MUTATIONS } from '../failpoints/mutations.js';

const ENTRIES = ['worker', 'server', 'isolated'];
/** What runs at once must run first; what TypeORM asks for by itself must be there once; the next is no JavaScript, and the rest looks for its own files. */
const APART = ['reflect-metadata', 'pg', '@node-rs/argon2', '@bull-board/api', '@bull-board/express'];

export default defineConfig({
  plugins: [mutations()],
  ssr: { noExternal: true, external: APART },
  build: {
    ...{ ssr: true, outDir: 'processes', minify: false, target: 'node20' },
    rolldownOptions: { input: ENTRIES.map((name) => `dist/test/faults/processes/${name}-process.js`) },
  },
});

function mutations(): Plugin {
  const { STEPWELL_MUTATION: name } = process.env;
  const { source = {} }: Partial<Mutation> = name ? MUTATIONS[name as MutationName] : {};
  return {
    name: 'mutations',
    transform(code, id) {
      const [file, change] = Object.entries(source).find(([path]) => id.endsWith(path)) ?? [];
      if (!change) return undefined;
      const [piece, instead] = change;
      if (!code.includes(piece)) throw new Error(`${file} has no ${piece} any more: the bug has to be written anew.`);
      return code.replace(piece, () => instead);
    },
  };
}
