import { parse as dotenv } from 'dotenv';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseEnvFile, readEnvFile } from '../../src/walg/env-file.ts';
import { UsageError } from '../../src/errors.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

/** Files for which the result is the same as that of dotenv. */
const files: [string, Record<string, string>][] = [
  ['', {}],
  ['# a comment\n\n  \t\n   # another\n', {}],
  ['A=v', { A: 'v' }],
  ['A=v\nB=w\n', { A: 'v', B: 'w' }],
  ['A=v\r\nB=w\rC=x', { A: 'v', B: 'w', C: 'x' }],
  ['\uFEFFA=v', { A: 'v' }],
  ['  A  =  v  ', { A: 'v' }],
  ['export A=v\nexport\tB=w', { A: 'v', B: 'w' }],
  ['A: v', { A: 'v' }],
  ['a.b-c_9=v', { 'a.b-c_9': 'v' }],
  ['A=', { A: '' }],
  ['A=first\nA=second', { A: 'second' }],
  ['A=b=c==', { A: 'b=c==' }],
  ['A=v w', { A: 'v w' }],
  ['A=v # comment', { A: 'v' }],
  ['A= # comment', { A: '' }],
  [`A='v # w'`, { A: 'v # w' }],
  ['A="v # w" # comment', { A: 'v # w' }],
  [`A=''\nB=""`, { A: '', B: '' }],
  [`A=' v '`, { A: ' v ' }],
  [`A='line 1\nline 2'\nB=w`, { A: 'line 1\nline 2', B: 'w' }],
  ['A="line 1\nline 2" # comment\nB=w', { A: 'line 1\nline 2', B: 'w' }],
  [String.raw`A="a\nb\rc\td"`, { A: 'a\nb\rc\\td' }],
  [String.raw`A='a\nb'`, { A: String.raw`a\nb` }],
  [String.raw`A=a\nb`, { A: String.raw`a\nb` }],
  [String.raw`A="a\"b"`, { A: String.raw`a\"b` }],
  [`A=it's`, { A: `it's` }],
  [`A="not closed\nB=w`, { A: '"not closed', B: 'w' }],
  [String.raw`A="not\nclosed`, { A: '"not\nclosed' }],
  ['A=$B', { A: '$B' }],
  ["A='${B} $(c) `d`'", { A: '${B} $(c) `d`' }],
  ['A=größe à', { A: 'größe à' }],
];

test.each(files)('%j', (text, variables) => {
  expect(Object.fromEntries(parseEnvFile(text, 'env'))).toEqual(variables);
  expect(dotenv(text)).toEqual(variables);
});

test('the same result as dotenv, with any quotes, blanks and comments', () => {
  const pieces = ['v', ' ', "'", '"', '`', '#', '\\', '\\n', '\n', '=', 'é'];
  let compared = 0;
  for (const values of combinations(pieces, 4)) {
    const text = `A=${values.join('')}\nB=w`;
    const variables = understood(text);
    if (variables === undefined) continue;
    compared++;
    expect(variables, JSON.stringify(text)).toEqual(dotenv(text));
  }
  expect(compared).toBeGreaterThan(4000);
});

/** undefined = an error here, whereas dotenv skips the line. */
function understood(text: string): Record<string, string | null> | undefined {
  try {
    return Object.fromEntries(parseEnvFile(text, 'env'));
  } catch {
    return undefined;
  }
}

function combinations(pieces: readonly string[], length: number): string[][] {
  if (length === 0) return [[]];
  return combinations(pieces, length - 1).flatMap((rest) => pieces.map((piece) => [piece, ...rest]));
}

const none = 'is neither KEY=VALUE nor a comment: correct it';

test.each([
  ['A=v\nPGPORT 5433\n', `line 2 of env ${none}`],
  ['# comment\r\n\r\n=v', `line 3 of env ${none}`],
  [`A='two\nlines'\n\n$B=v`, `line 4 of env ${none}`],
  [`A=v\nB='v\n' and more`, `line 3 of env ${none}`],
  ['source ./other', `line 1 of env ${none}`],
  ['{"A": "v"}', `line 1 of env ${none}`],
  ['A=v\nB=a\0b', 'line 2 of env contains a NUL byte, which a variable cannot'],
])('%j is an error', (text, message) => {
  expect(() => parseEnvFile(text, 'env')).toThrow(new UsageError(message));
});

test.each([
  [
    'A=abc#def/ghi',
    'has a "#" right after its value: put the value in quotes, or a blank before the "#" if it begins a comment',
  ],
  ['A=#', 'has a "#" right after its value: put the value in quotes, or a blank before the "#" if it begins a comment'],
  ['A="s3://${B}"', 'contains a variable, ${…}, which only a shell would expand'],
  ['A=s3://${B}', 'contains a variable, ${…}, which only a shell would expand'],
  ['A=$(cat key)', 'contains a command, $(…), which only a shell would run'],
  ['A=`cat key`', 'contains a command in back quotes, which only a shell would run'],
  ['A="a`cat key`"', 'contains a command in back quotes, which only a shell would run'],
  [
    'export A=v B=w',
    'contains two assignments, which only a shell would separate: write one per line, or put the value in quotes',
  ],
  [
    `A='abc'"def"`,
    'has text after a closing quote, which only a shell would join: put the whole value in one pair of quotes',
  ],
  [
    `A='it''s'`,
    'has text after a closing quote, which only a shell would join: put the whole value in one pair of quotes',
  ],
])('what a shell would take for something else is refused: %j', (line, complaint) => {
  expect(() => parseEnvFile(`# first\n${line}\n`, 'env')).toThrow(new UsageError(`line 2 of env ${complaint}`));
});

test.each([
  ['A=v\nPGPASSWORD=gr\xf6\xdfe\n', 'the value of PGPASSWORD in '],
  [`A=v\nB='\n\n\xff'\nC=w`, 'the value of B in '],
  ['A=v\n# gr\xf6\xdfe\n', ''],
])('%j in Latin-1 is not UTF-8', (text, what) => {
  const file = join(temporaryFolder(), 'env');
  writeFileSync(file, text, 'latin1');
  expect(() => readEnvFile(file)).toThrow(new UsageError(`${what}${file} is not UTF-8: convert it`));
});
