import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin, transformWithOxc } from 'vite';
import { DESK_AREAS, DESK_ERRORS } from './src/i18n/parts.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Makes two parts of the texts of a language: `en.ts?shop` and `en.ts?desk`. */
const textParts: Plugin = {
  name: 'text-parts',
  async load(id) {
    const [, path, language, part] = /^(.+\/i18n\/(\w\w)\.ts)\?(shop|desk)$/.exec(id) ?? [];
    if (!path) return;
    this.addWatchFile(path);
    const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path);
    const texts = (await import(`data:text/javascript,${encodeURIComponent(code)}`))[language!];
    const ofPart = (names: readonly string[], all: object) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name) === (part === 'desk')));
    const chosen = { ...ofPart(DESK_AREAS, texts), errors: ofPart(DESK_ERRORS, texts.errors) };
    return `export default ${JSON.stringify(chosen)}`;
  },
};

export default defineConfig({
  root: at('.'),
  plugins: [textParts],
  resolve: { conditions: ['evently-source', ...defaultClientConditions] },
  build: {
    outDir: at('../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    // Pages may load from this server only, so nothing is put into them as data.
    assetsInlineLimit: 0,
    // The server reads there which files a page needs.
    manifest: true,
    // All browsers that can run the rest have it.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: { index: at('index.html'), embed: at('embed.html') },
      output: {
        codeSplitting: {
          // What the first page needs, in few files: each one is a trip to the server. Not what starts shop or widget, and
          // not the map, which both show a moment later.
          groups: [
            { name: 'libraries', test: /node_modules/, tags: ['$initial'], priority: 3 },
            { name: 'map', test: /web\/src\/map\/(?!use-seat-map)/, priority: 1 },
            {
              name: 'base',
              test: /web\/src\/(?!main|routes|embed\/|map\/(?!use-seat-map)|i18n\/(en|de))|clients|src\/platform/,
              tags: ['$initial'],
              priority: 2,
            },
          ],
        },
      },
      // Libraries mark what runs in browsers for frameworks that also render on servers.
      checks: { moduleLevelDirective: false },
    },
  },
  server: {
    proxy: { '/api': 'http://localhost:8000', '/socket.io': { target: 'http://localhost:8000', ws: true } },
  },
});
