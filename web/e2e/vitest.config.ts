import { defineConfig } from 'vitest/config'

// Browser journeys against the real binary: one file, one after another, each on a server of its own.
export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: 'node',
    include: ['*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
  },
})
