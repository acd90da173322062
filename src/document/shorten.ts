/** How much of a value is kept: characters of a text, elements of a list, keys of an object, levels of nesting. */
export interface Limits {
  characters: number;
  elements: number;
  keys: number;
  levels: number;
}

/** How many characters, elements or keys were left out, by the place in the document. */
export type LeftOut = Map<string, number>;

/** Cuts long texts, leaves out surplus elements and keys, and replaces what is nested too deeply by null; `leftOut` counts it by path. */
export function shorten(value: unknown, limits: Limits, path: string, leftOut: LeftOut): unknown {
  const count = (number: number) => {
    if (number > 0) leftOut.set(path, (leftOut.get(path) ?? 0) + number);
  };
  if (typeof value === 'string') {
    count(value.length - limits.characters);
    return value.length > limits.characters ? `${value.slice(0, limits.characters - 1).toWellFormed()}…` : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const inside = { ...limits, levels: limits.levels - 1 };
  if (inside.levels < 0) {
    count(1);
    return null;
  }
  if (Array.isArray(value)) {
    count(value.length - limits.elements);
    // the first elements of such a list are the most important; all elements have the same path
    return value.slice(0, limits.elements).map((element) => shorten(element, inside, path, leftOut));
  }
  const entries = Object.entries(value);
  count(entries.length - limits.keys);
  return Object.fromEntries(
    entries
      .slice(0, limits.keys)
      .map(([key, field]) => [
        cutKey(key),
        shorten(field, inside, `${path === '' ? '' : `${path}.`}${cutKey(key)}`, leftOut),
      ]),
  );
}

function cutKey(key: string): string {
  return key.length > 64 ? `${key.slice(0, 63).toWellFormed()}…` : key;
}
