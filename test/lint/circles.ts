import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The imports of each file, by path; types and `import()` are included. */
export type Graph = ReadonlyMap<string, readonly string[]>;

const IMPORTS = /(?:\bfrom |\bimport\(|^import )'(\.[^']+\.ts)'/gm;

/** The imports between the files below a folder, with absolute paths. */
export function readGraph(folder: string): Graph {
  return new Map(
    globSync('**/*.ts', { cwd: folder })
      .sort()
      .map((path) => {
        const file = join(folder, path);
        const imported = [...readFileSync(file, 'utf8').matchAll(IMPORTS)].map(([, to = '']) =>
          join(dirname(file), to),
        );
        return [file, imported];
      }),
  );
}

/** The shortest import circle through this file; undefined = there is none. */
export function circleOf(file: string, graph: Graph): readonly string[] | undefined {
  const reached = new Map<string, readonly string[]>([[file, [file]]]);
  for (const [here, way] of reached)
    for (const next of graph.get(here) ?? []) {
      if (next === file) return [...way, file];
      if (!reached.has(next)) reached.set(next, [...way, next]);
    }
  return undefined;
}
