import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/e2e/*.test.ts'],
    globalSetup: 'test/e2e/setup.ts',
    // each file starts a cluster; with more than two on two cores, Patroni would exceed its time limits
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // the folders of all clusters are removed in this time
    teardownTimeout: 60_000,
  },
});
