import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  resolve: { conditions: ['evently-source', ...defaultClientConditions] },
  build: {
    outDir: at('../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    // Pages may load from this server only, so nothing is put into them as data.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: { index: at('index.html'), embed: at('embed.html') },
      output: {
        codeSplitting: {
          // What the first page needs, in few files: each one is a trip to the server. Not what starts shop or widget.
          groups: [
            { name: 'libraries', test: /node_modules/, tags: ['$initial'] },
            { name: 'base', test: /web\/src\/(?!main|routes|embed\/)|clients/, tags: ['$initial'] },
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
