import usual from '../vitest.config.ts';

/** Tests that take too long to run for every change: the same components in more set-ups. */
export default { ...usual, test: { ...usual.test, include: ['test/e2e/long/*.test.ts'] } };
