import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: 'test/e2e/setup.ts',
    // one cluster at a time is enough for two cores, and Patroni's time limits are real
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
