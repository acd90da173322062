import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatNames } from '../../src/formats/index.ts';

const PROGRAM = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  const { formats } = await import(process.argv[1]);
  await formats[process.argv[2]]();
  process.stdout.write(loaded.join('\\n'));
`;

test.each(formatNames)('%s loads no other format, and the yaml package is loaded only for YAML', (name) => {
  const index = new URL('../../src/formats/index.ts', import.meta.url).href;
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM, index, name], {
    encoding: 'utf8',
  }).split('\n');
  const others = formatNames.filter((other) => other !== name);
  expect(loaded.filter((url) => others.some((other) => url.endsWith(`/formats/${other}.ts`)))).toEqual([]);
  expect(loaded.some((url) => url.includes('/node_modules/yaml/'))).toBe(name === 'yaml');
});
