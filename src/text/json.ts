import * as z from 'zod/mini';
import { CollectError } from '../errors.ts';
import { BoundError, checkBounds, type Bounds } from './bounds.ts';

/** `JSON.parse` passes the source text of each primitive to a reviver (ES2025); the types of TypeScript lack that yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const keepBigIntegers: SourceReviver = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const { source = '' } = context ?? {};
  // JavaScript reads 1e400 as infinity, which JSON cannot represent
  if (!Number.isFinite(value) || source.length > LONGEST_NUMBER)
    throw new BoundError(`the number ${source.slice(0, LONGEST_NUMBER)} is out of range`);
  return /^-?\d+$/.test(source) ? source : value;
};

/** A double has at most 25 characters, and a 64-bit integer 20 digits. */
const LONGEST_NUMBER = 40;

/**
 * Parses JSON without losing digits: an integer beyond 2^53, such as PostgreSQL's system identifier, becomes a string.
 * @throws SyntaxError if the text is not JSON, BoundError if it exceeds a bound.
 */
export function parseJson(text: string, bounds: Bounds): unknown {
  // with a reviver, parsing takes ten times as long
  return checkBounds(text, bounds) ? JSON.parse(text, keepBigIntegers) : JSON.parse(text);
}

/** Validates a value from outside; the error names the first field that does not fit the schema. */
export function fit<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  source: string,
  whole = 'the reply',
): z.infer<Schema> {
  const lists: List[] = [];
  const how: How = { jitless: true, lists };
  const fault = faultInList(schema, value, [], how);
  const withoutLists = lists.reduce((rest, { path }) => replaced(rest, path, []), value);
  const result = fault ?? z.safeParse(schema, withoutLists, how);
  if (result.success)
    return lists.reduce<unknown>(
      (data, { path, elements }) => replaced(data, path, elements),
      result.data,
    ) as z.infer<Schema>;
  const [issue] = result.error.issues;
  throw new CollectError(`${source}: ${issue === undefined ? `${whole} is not valid` : describeIssue(issue, whole)}`);
}

interface How {
  /** Prevents zod from compiling the schema of each object to a function, which saves time only for long lists. */
  jitless: boolean;
  /** Collects the long lists that were validated, so that they are not validated again with the whole value; undefined = they are. */
  lists: List[] | undefined;
}

/** A list in the value, with its validated elements. */
interface List {
  path: readonly PropertyKey[];
  elements: unknown[];
}

const LONG_LIST = 100;

/** A copy of the value with another list at this path. */
function replaced(value: unknown, [key, ...path]: readonly PropertyKey[], list: unknown[]): unknown {
  if (key === undefined) return list;
  return isObject(value) ? { ...value, [key]: replaced(value[String(key)], path, list) } : value;
}

interface Fault {
  success: false;
  error: { issues: z.core.$ZodIssue[] };
}

/**
 * The first element of a list that does not fit. zod would validate all elements and keep an issue of about 1 KB for each, so that a list
 * of numbers instead of objects could take gigabytes. Everything outside lists is left to zod.
 */
function faultInList(schema: z.core.$ZodType, value: unknown, path: PropertyKey[], how: How): Fault | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return faultInList(def.innerType, value, path, how);
    case 'pipe':
      return faultInList(def.in, value, path, { ...how, lists: undefined });
    case 'object':
      return firstIn(Object.entries(def.shape), ([key, field]) =>
        isObject(value) && Object.hasOwn(value, key) ? faultInList(field, value[key], [...path, key], how) : undefined,
      );
    case 'array':
      return Array.isArray(value) ? faultInElements(def, value, path, how) : undefined;
    default:
      return undefined;
  }
}

function faultInElements(
  { element, checks = [] }: z.core.$ZodArrayDef,
  values: readonly unknown[],
  path: PropertyKey[],
  how: How,
): Fault | undefined {
  const maxima = checks.map(({ _zod: { def } }) => ('maximum' in def ? Number(def.maximum) : undefined));
  const most = Math.min(...maxima.filter((maximum) => maximum !== undefined));
  if (values.length > most)
    return fault({ code: 'custom', message: `it has more than ${most} elements`, path, input: values });
  if (values.length >= LONG_LIST) how.jitless = false;
  const within: How = { ...how, lists: undefined };
  const nested = holdsList(element);
  const elements: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const found = nested ? faultInList(element, value, [...path, index], within) : undefined;
    if (found !== undefined) return found;
    const result = z.safeParse(element, value, within);
    if (!result.success) {
      const [issue] = result.error.issues;
      if (issue !== undefined) return fault({ ...issue, path: [...path, index, ...issue.path] });
    } else if (!within.jitless) elements.push(result.data);
  }
  // any other check needs the whole list
  if (!how.jitless && !maxima.includes(undefined)) how.lists?.push({ path, elements });
  return undefined;
}

function holdsList(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return holdsList(def.innerType);
    case 'pipe':
      return holdsList(def.in);
    case 'object':
      return Object.values(def.shape).some(holdsList);
    default:
      return def.type === 'array';
  }
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
    ? `${where} is not valid: ${issue.message}`
    : `${where} is not ${expected.map(article).join(' or ')}`;
}

function expectedTypes(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_type') return [NAMES[issue.expected] ?? issue.expected];
  if (issue.code !== 'invalid_union') return [];
  const types = issue.errors.map(([first]) => (first === undefined ? [] : expectedTypes(first)));
  return types.every((each) => each.length > 0) ? types.flat() : [];
}

/** The JSON names of types that zod names differently. */
const NAMES: Partial<Record<string, string>> = { int: 'integer', record: 'object' };

/** `members[0].port`; zod's own function for this would load the whole of zod. */
function fieldPath(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return steps.join('').replace(/^\./, '');
}

function article(noun: string): string {
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
