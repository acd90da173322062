import usual from '../vitest.config.ts';

/** What takes too long for every change: the same components, in more of their set-ups. */
export default { ...usual, test: { ...usual.test, include: ['test/e2e/long/*.test.ts'] } };
