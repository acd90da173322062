import type * as z from 'zod/mini';

/** Whether a value certainly fits a schema; false = ask zod, which says why not. */
export type QuickFit = (value: unknown) => boolean;

/**
 * Compiles a schema to functions that test a value, parsed from JSON, without creating objects. zod creates an object for each value that it
 * validates, which costs a second of CPU time for a thousand documents of 60 KiB. A kind of schema or check that is not supported here never
 * fits.
 */
export function quickFit(schema: z.core.$ZodType): QuickFit {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const checks = (def.checks ?? []).map(({ _zod }) => quickCheck((_zod as z.core.$ZodChecks['_zod']).def));
  const fits = ofKind(def);
  const [first, ...others] = checks.filter((check) => check !== undefined);
  if (first === undefined) return fits;
  if (others.length === 0) return (value) => fits(value) && first(value);
  return (value) => fits(value) && first(value) && others.every((check) => check(value));
}

const never: QuickFit = () => false;

function ofKind(def: z.core.$ZodTypes['_zod']['def']): QuickFit {
  switch (def.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'unknown':
      return (value) => isShallow(value);
    case 'number':
      if (!('check' in def)) return isKept;
      return 'format' in def && def.format === 'safeint' ? Number.isSafeInteger : never;
    case 'enum': {
      const entries = new Set<unknown>(Object.values(def.entries));
      return (value) => entries.has(value);
    }
    case 'nullable':
      return orElse(null, quickFit(def.innerType));
    case 'optional':
      return orElse(undefined, quickFit(def.innerType));
    case 'union': {
      const options = def.options.map(quickFit);
      return (value) => options.some((fits) => fits(value));
    }
    case 'array':
      return eachElement(quickFit(def.element));
    case 'record':
      return eachEntry(quickFit(def.keyType), quickFit(def.valueType));
    case 'object':
      return eachField(def);
    default:
      return never;
  }
}

function orElse(nothing: null | undefined, fits: QuickFit): QuickFit {
  return (value) => value === nothing || fits(value);
}

function eachElement(fits: QuickFit): QuickFit {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const element of value) if (!fits(element)) return false;
    return true;
  };
}

function eachEntry(fitsKey: QuickFit, fitsValue: QuickFit): QuickFit {
  return (value) => isObject(value) && Object.entries(value).every(([key, field]) => fitsKey(key) && fitsValue(field));
}

/** Keys that are not in the schema may have any value that is not nested too deep, unless the schema is strict. */
function eachField({ shape, catchall }: z.core.$ZodObjectDef): QuickFit {
  if (catchall !== undefined && (catchall as z.core.$ZodTypes)._zod.def.type !== 'unknown') return never;
  const fields = new Map(Object.entries(shape).map(([key, field]) => [key, describe(quickFit(field))]));
  const required = [...fields.values()].filter(({ isRequired }) => isRequired).length;
  return (value) => {
    if (!isObject(value)) return false;
    let missing = required;
    // the fastest loop over the keys of an object
    for (const key in value) {
      const field = fields.get(key) ?? UNKNOWN;
      if (!field.fits(value[key])) return false;
      if (field.isRequired) missing -= 1;
    }
    return missing === 0;
  };
}

interface Field {
  fits: QuickFit;
  isRequired: boolean;
}

function describe(fits: QuickFit): Field {
  return { fits, isRequired: !fits(undefined) };
}

const UNKNOWN: Field = { fits: (value) => isShallow(value), isRequired: false };

/** Whether JavaScript keeps the number that a JSON text has: not an integer beyond 2^53, which is read digit by digit (json.ts). */
function isKept(value: unknown): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** A value without a schema fits if it is not nested deeper than recursive code can process (bounds.ts). */
function isShallow(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value === 'number') return isKept(value);
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  for (const key in value) if (!isShallow((value as Record<string, unknown>)[key], levels - 1)) return false;
  return true;
}

const MOST_LEVELS = 32;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** undefined = it tests nothing. */
function quickCheck(def: z.core.$ZodChecks['_zod']['def'] | { check: 'describe' }): QuickFit | undefined {
  switch (def.check) {
    case 'describe':
      return undefined;
    case 'max_length': {
      const { maximum } = def;
      return (value) => (value as { length: number }).length <= maximum;
    }
    case 'greater_than': {
      const { value: least, inclusive } = def;
      return (value) => (inclusive ? Number(value) >= Number(least) : Number(value) > Number(least));
    }
    case 'less_than': {
      const { value: most, inclusive } = def;
      return (value) => (inclusive ? Number(value) <= Number(most) : Number(value) < Number(most));
    }
    default:
      return never;
  }
}
