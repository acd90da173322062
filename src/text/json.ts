import * as z from 'zod/mini';
import { CollectError } from '../errors.ts';
import { BoundError, checkBounds, type Bounds } from './bounds.ts';

/** `JSON.parse` hands a reviver the source text of every primitive (ES2025); TypeScript's library does not say so yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const keepBigIntegers: SourceReviver = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const { source = '' } = context ?? {};
  // JavaScript reads 1e400 as infinity, which no JSON can say again
  if (!Number.isFinite(value) || source.length > LONGEST_NUMBER)
    throw new BoundError(`the number ${source.slice(0, LONGEST_NUMBER)} is out of range`);
  return /^-?\d+$/.test(source) ? source : value;
};

/** A double in full has 25 characters, and a number of 64 bits has 20 digits. */
const LONGEST_NUMBER = 40;

/**
 * Parses JSON without losing digits: an integer beyond 2^53, such as PostgreSQL's system identifier, comes back as its text.
 * @throws SyntaxError where the text is no JSON, and BoundError where it is more than its source has a reason to say.
 */
export function parseJson(text: string, bounds: Bounds): unknown {
  // a reviver costs ten times the parser itself
  return checkBounds(text, bounds) ? JSON.parse(text, keepBigIntegers) : JSON.parse(text);
}

/** Checks a value from outside against its schema; the error names the first field that does not fit. */
export function fit<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  source: string,
  whole = 'the reply',
): z.infer<Schema> {
  const result = faultInList(schema, value, []) ?? z.safeParse(schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CollectError(`${source}: ${issue === undefined ? `${whole} does not fit` : describeIssue(issue, whole)}`);
}

interface Fault {
  success: false;
  error: { issues: z.core.$ZodIssue[] };
}

/**
 * The first element of a list that does not fit: zod goes on to the end and keeps an issue of about 1 KB for each, so that one list of
 * numbers where objects should be would take gigabytes. What no list holds is left to zod.
 */
function faultInList(schema: z.core.$ZodType, value: unknown, path: PropertyKey[]): Fault | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return faultInList(def.innerType, value, path);
    case 'pipe':
      return faultInList(def.in, value, path);
    case 'object':
      return firstIn(Object.entries(def.shape), ([key, field]) =>
        isObject(value) && Object.hasOwn(value, key) ? faultInList(field, value[key], [...path, key]) : undefined,
      );
    case 'array':
      return Array.isArray(value) ? faultInElements(def, value, path) : undefined;
    default:
      return undefined;
  }
}

function faultInElements(
  { element, checks = [] }: z.core.$ZodArrayDef,
  values: readonly unknown[],
  path: PropertyKey[],
): Fault | undefined {
  const most = Math.min(...checks.map(({ _zod: { def } }) => ('maximum' in def ? Number(def.maximum) : Infinity)));
  if (values.length > most)
    return fault({ code: 'custom', message: `it has more than ${most} elements`, path, input: values });
  return firstIn([...values.keys()], (index) => {
    const value = values[index];
    return faultInList(element, value, [...path, index]) ?? checkedAs(element, value, [...path, index]);
  });
}

function checkedAs(schema: z.core.$ZodType, value: unknown, path: PropertyKey[]): Fault | undefined {
  const result = z.safeParse(schema, value);
  if (result.success) return undefined;
  const [issue] = result.error.issues;
  return issue && fault({ ...issue, path: [...path, ...issue.path] });
}

function fault(issue: z.core.$ZodIssue): Fault {
  return { success: false, error: { issues: [issue] } };
}

function firstIn<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
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
