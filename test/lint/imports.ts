import { dirname, join, relative } from 'node:path';
import { circleOf, readGraph, type Graph } from './circles.ts';
import { forbidden } from './rooms.ts';
import type { Rule } from 'eslint';

const SRC = join(import.meta.dirname, '../../src');

/** The syntax nodes that import another file: `import`, `export … from`, `import()`, and types with `import()`. */
const IMPORTING = [
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
];

/** Rooms import only those that the table in rooms.ts allows. */
const boundaries: Rule.RuleModule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const check = (node: Rule.Node) => {
      const to = source(node);
      if (to?.startsWith('.') !== true) return;
      const [from, imported] = [context.filename, join(dirname(context.filename), to)];
      const [inside, outside] = [relative(SRC, from), relative(SRC, imported)];
      if (outside === '../package.json') return;
      const message = outside.startsWith('..') ? 'src/ imports nothing from outside it' : forbidden(inside, outside);
      if (message !== undefined) context.report({ node, message });
    };
    return Object.fromEntries(IMPORTING.map((type) => [type, check]));
  },
};

let graph: Graph | undefined;

/** No import circles. */
const noCircles: Rule.RuleModule = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(node) {
      const circle = circleOf(context.filename, (graph ??= readGraph(SRC)));
      if (circle === undefined) return;
      context.report({ node, message: `import circle: ${circle.map((file) => relative(SRC, file)).join(' → ')}` });
    },
  }),
};

function source(node: Rule.Node): string | undefined {
  const literal: unknown = 'source' in node ? node.source : undefined;
  if (typeof literal !== 'object' || literal === null || !('value' in literal)) return undefined;
  return typeof literal.value === 'string' ? literal.value : undefined;
}

/** A plugin for eslint. */
export const imports = { rules: { boundaries, 'no-circles': noCircles } };
