import { beforeEach } from 'vitest';

/** The tests of a file are one story: after one that failed there is nothing to go on from, and the next ones would wait in vain. */
export function oneStory(): void {
  let broken = false;
  beforeEach((context) => {
    context.skip(broken, 'a step before it failed');
    context.onTestFailed(() => {
      broken = true;
    });
  });
}
