import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/options/look-up.ts';
import { asNobody, temporaryFolder } from '../stand-ins/temporary.ts';

const NONE = { path: null, variables: new Map() };

test('an unreadable WAL-G environment in the usual place does not affect a run that reads documents back', () => {
  const path = join(temporaryFolder(), 'env');
  mkdirSync(path, { mode: 0o000 });
  const why = `the WAL-G environment ${path} cannot be read (permission denied)`;
  asNobody(() => {
    const [notPlugin, plugin] = [() => false, () => true];
    expect(readEnvironment({ from: 'configmaps' }, {}, notPlugin, [path])).toEqual(NONE);
    expect(readEnvironment({}, { POSTGRES_STATUS_FROM: 'configmaps' }, notPlugin, [path])).toEqual(NONE);
    expect(readEnvironment({}, {}, plugin, [path])).toEqual(NONE);
    expect(() => readEnvironment({}, {}, notPlugin, [path])).toThrow(why);
    expect(() => readEnvironment({ from: 'configmaps', env: path }, {}, notPlugin, [path])).toThrow(why);
    expect(() => readEnvironment({ env: path }, {}, plugin, [path])).toThrow(why);
    expect(() => readEnvironment({ configmap: true }, {}, plugin, [path])).toThrow(why);
  });
});
