import * as z from 'zod/mini';
import { CollectError } from '../errors.ts';

/** `JSON.parse` hands a reviver the source text of every primitive (ES2025); TypeScript's library does not say so yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const keepBigIntegers: SourceReviver = (_key, value, context) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? context?.source
    : value;

/**
 * Parses JSON without losing digits: an integer beyond 2^53, such as PostgreSQL's system identifier, comes back as its text.
 * @throws SyntaxError where the text is no JSON.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, keepBigIntegers);
}

/** Checks a value from outside against its schema; the error names the first field that does not fit. */
export function fit<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  source: string,
  whole = 'the reply',
): z.infer<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CollectError(`${source}: ${issue === undefined ? `${whole} does not fit` : describeIssue(issue, whole)}`);
}

function describeIssue(issue: z.core.$ZodIssue, whole: string): string {
  if (issue.code === 'unrecognized_keys')
    return `field "${fieldPath([...issue.path, ...issue.keys.slice(0, 1)])}" is not known`;
  const field = fieldPath(issue.path);
  const where = field === '' ? whole : `field "${field}"`;
  const expected = expectedTypes(issue);
  return expected.length === 0
    ? `${where} does not fit: ${issue.message}`
    : `${where} is not ${expected.map(article).join(' or ')}`;
}

function expectedTypes(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_type') return [NAMES[issue.expected] ?? issue.expected];
  if (issue.code !== 'invalid_union') return [];
  const types = issue.errors.map(([first]) => (first === undefined ? [] : expectedTypes(first)));
  return types.every((each) => each.length > 0) ? types.flat() : [];
}

/** zod's names where they are not JSON's. */
const NAMES: Partial<Record<string, string>> = { int: 'integer', record: 'object' };

/** `members[0].port`; zod's own function for it would bring all of zod along. */
function fieldPath(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return steps.join('').replace(/^\./, '');
}

function article(noun: string): string {
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
