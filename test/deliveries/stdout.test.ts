import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const stdout = join(import.meta.dirname, '../../src/deliveries/stdout.ts');

/** Longer than a piece, so that a piece ends within a character of two units, or just after one. */
test.each(['', 'a'])('a long text of characters of two units is printed unchanged, after "%s"', (before) => {
  const text = `${before}${'😀'.repeat(1_200_000)}é`;
  const script = `const { printText } = await import(${JSON.stringify(stdout)});
    await printText(${JSON.stringify(before)} + '😀'.repeat(1_200_000) + 'é', { remaining: () => 10_000 });`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { maxBuffer: 2 ** 24 });
  expect(printed.equals(Buffer.from(text))).toBe(true);
});
