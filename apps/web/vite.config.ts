// The build of the pages into dist/web, and the development server beside `npm start`.
// The server that hosts them sends `script-src 'self'; style-src 'self' 'unsafe-inline'`, so nothing here may put a script into the
// page: no inline script in index.html, no module that compiles code, no asset turned into a data: URL.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { pdfAssets } from './pdf-assets.js';
import { problemsOfScreens } from './screen-files.js';

const WORKFLOWS = fileURLToPath(new URL('../../workflows', import.meta.url));

function screensHaveTheirNames(): Plugin {
  return {
    name: 'stepwell:screens',
    buildStart() {
      const [problem] = problemsOfScreens(WORKFLOWS);
      if (problem !== undefined) this.error(problem);
    },
  };
}

const SERVER = process.env.STEPWELL_URL ?? 'http://localhost:3000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  cacheDir: '../../node_modules/.vite-web',
  plugins: [react(), screensHaveTheirNames(), pdfAssets()],
  resolve: { alias: { '@stepwell/screens': fileURLToPath(new URL('../../libs/screens/index.ts', import.meta.url)) } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // Evergreen browsers: `light-dark()` and container queries are used throughout the styles.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
  },
  server: {
    port: 5173,
    // The screens of the workflows lie outside of this folder; a change of one is in the page at once.
    fs: { allow: ['../..'] },
    // The server answers its own pages only; here they come from another port.
    proxy: {
      '/auth': { target: SERVER, changeOrigin: true, headers: { origin: SERVER } },
      '/documents': { target: SERVER, changeOrigin: true, headers: { origin: SERVER } },
      // The page is /team itself.
      '^/team/': { target: SERVER, changeOrigin: true, headers: { origin: SERVER } },
      '/graphql': { target: SERVER, changeOrigin: true, headers: { origin: SERVER }, ws: true },
    },
  },
});
