import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/e2e/*.test.ts'],
    globalSetup: 'test/e2e/setup.ts',
    // each has a cluster, which mostly waits: two at a time are enough for two cores, and Patroni's time limits are real
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // in the meantime the folders of all clusters are taken away
    teardownTimeout: 60_000,
  },
});
