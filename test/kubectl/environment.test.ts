import { expect, test } from 'vitest';
import { kubectlEnvironment } from '../../src/kubectl/environment.ts';

const MIB = 1024 * 1024;
const HOME = { HOME: '/home/a' };

test.each([
  ['without a limit', undefined, '128MiB'],
  ['with plenty of memory', 4096 * MIB, '128MiB'],
  ['in a small container', 256 * MIB, '64MiB'],
  ['in a tiny one', 64 * MIB, '16MiB'],
])('kubectl does not collect garbage below a quarter of the memory: %s', (_, memory, limit) => {
  expect(kubectlEnvironment(HOME, () => memory)).toMatchObject({ GOGC: 'off', GOMEMLIMIT: limit });
});

test.each([{ GOGC: '50' }, { GOMEMLIMIT: '1GiB' }, { GOGC: 'off', GOMEMLIMIT: 'off' }])(
  'whoever set %j knows better',
  (environment) => {
    expect(kubectlEnvironment({ ...HOME, ...environment }, () => undefined)).toEqual({ ...HOME, ...environment });
  },
);

test('where there is hardly any memory, Go decides', () => {
  expect(kubectlEnvironment(HOME, () => 32 * MIB)).toEqual(HOME);
});
