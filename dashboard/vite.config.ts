import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:8089';

export default defineConfig({
  // Relative, so that the page works under /dashboard/ and behind any prefix that a proxy puts before it.
  base: './',
  build: {
    outDir: 'target/page/dashboard',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The content security policy knows only 'self': no data: URLs, no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['api', 'tail', 'health', 'events', 'streams', 'subscriptions', 'queues', 'dead-letters'].map((root) => [
        `/${root}`,
        server,
      ]),
    ),
  },
});
