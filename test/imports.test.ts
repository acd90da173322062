import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/**
 * Which rooms of src/ a room may import, besides itself. Data goes one way: options, source, document, health, format, delivery; what
 * knows a system outside knows nothing of those who ask it. `.` stands for the files of src/ itself.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: ['errors.ts'],
  system: ['text', 'errors.ts'],
  document: ['text', 'errors.ts'],
  wal: ['document', 'text', 'errors.ts'],
  health: ['document', 'wal', 'text', 'errors.ts'],
  formats: ['document', 'wal', 'health', 'text', 'errors.ts', 'generator.ts'],
  patroni: ['document', 'wal', 'system', 'text', 'errors.ts'],
  walg: ['document', 'wal', 'patroni', 'system', 'text', 'errors.ts'],
  kubectl: ['document', 'system', 'text', 'errors.ts'],
  collectors: ['patroni', 'walg', 'document', 'wal', 'system', 'text', 'errors.ts'],
  sources: [
    'collectors',
    'patroni',
    'walg',
    'kubectl',
    'document',
    'wal',
    'system',
    'text',
    'errors.ts',
    'generator.ts',
    'world.ts',
  ],
  deliveries: ['formats', 'kubectl', 'document', 'system', 'text', 'errors.ts'],
  options: [
    'deliveries',
    'sources',
    'collectors',
    'patroni',
    'walg',
    'kubectl',
    'formats',
    'health',
    'document',
    'wal',
    'system',
    'text',
    'errors.ts',
    'generator.ts',
  ],
};

interface Import {
  from: string;
  to: string;
}

/** Every import of another file of src/, in whatever form, types included. */
const imports: readonly Import[] = globSync('src/**/*.ts', { cwd: ROOT })
  .sort()
  .flatMap((from) => {
    const text = readFileSync(join(ROOT, from), 'utf8');
    const paths = [...text.matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+\.ts)'/gm)].map(([, path = '']) => path);
    return paths.map((path) => ({ from, to: join(dirname(from), path) }));
  });

/** `src/wal/lsn.ts` is in the room `wal`; a file of src/ itself is a room of its own. */
function room(path: string): string {
  return path.split('/')[1] ?? '';
}

function show({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

test('the imports were found', () => {
  expect(imports.map(show)).toContain('src/cli.ts imports src/main.ts');
  expect(imports.map(show)).toContain('src/sources/index.ts imports src/sources/live.ts');
});

test('each room imports none but those that it may know', () => {
  const rooms = globSync('src/*/', { cwd: ROOT }).map((path) => room(path));
  expect(rooms.sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  const offending = imports.filter(({ from, to }) => {
    const allowed = MAY_IMPORT[room(from)];
    return allowed !== undefined && room(from) !== room(to) && !allowed.includes(room(to));
  });
  expect(offending.map(show)).toEqual([]);
});

test('nothing imports the options but what begins a run', () => {
  const offending = imports.filter(
    ({ from, to }) => room(to) === 'options' && !['options', 'main.ts', 'run.ts'].includes(room(from)),
  );
  expect(offending.map(show)).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const next = Map.groupBy(imports, ({ from }) => from);
  const circles = new Set<string>();
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) circles.add([...path.slice(start), file].join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) walk(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) walk(file, []);
  expect([...circles]).toEqual([]);
});
