/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// The development server of the binary; BARAZA_DEV_SERVER points elsewhere when it does not run on its default port.
const server = process.env.BARAZA_DEV_SERVER ?? 'http://127.0.0.1:8080'

// Proxied requests carry the server's own origin: it refuses a WebSocket from any other.
const proxied = { target: server, ws: true, headers: { origin: server } }

/** Preloads the one font file of the first view; every other subset waits until a character needs it. */
function preloadFont(): Plugin {
  return {
    name: 'baraza-preload-font',
    apply: 'build',
    transformIndexHtml(_html, { bundle }) {
      const font = Object.keys(bundle ?? {}).find((name) => /ibm-plex-sans-latin-wght-normal.*\.woff2$/.test(name))
      if (!font) return []
      return [
        {
          tag: 'link',
          injectTo: 'head',
          attrs: { rel: 'preload', href: `/${font}`, as: 'font', type: 'font/woff2', crossorigin: true },
        },
      ]
    },
  }
}

export default defineConfig({
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true, routeFileIgnorePattern: '\\.test\\.' }),
    react(),
    tailwindcss(),
    preloadFont(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { port: 5173, proxy: { '/api': proxied, '/webhooks': proxied, '/m': proxied } },
  build: {
    target: 'es2022',
    manifest: true,
    // The content security policy forbids data: addresses.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // The list of what a page is made of travels with the entry, up to a kilobyte each. It is worth that where people
      // arrive; the other pages are fetched when somebody points at their link, and a step more is not felt.
      resolveDependencies: (page, parts) =>
        /t\._slug(\.inbox|-)|login|signup|invite/.test(page) ? parts : parts.filter((part) => !part.endsWith('.js')),
    },
  },
  test: {
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 60_000,
    projects: [
      // Pure logic needs no document, and jsdom is most of a small test's time.
      { extends: true, test: { name: 'models', environment: 'node', include: ['src/**/*.model.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'app',
          environment: 'jsdom',
          setupFiles: ['./src/test/setup.ts'],
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: ['src/**/*.model.test.ts'],
        },
      },
    ],
  },
})
