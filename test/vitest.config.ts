import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    // generous, because machines are slow and shared; speed is measured by the benchmark
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
