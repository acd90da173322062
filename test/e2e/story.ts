import { beforeEach } from 'vitest';

/** Skips the remaining tests of the file after a failure, because each test continues from the state that the previous one left. */
export function oneStory(): void {
  let broken = false;
  beforeEach((context) => {
    context.skip(broken, 'a step before it failed');
    context.onTestFailed(() => {
      broken = true;
    });
  });
}
