/** Empties each cache of `perObject`. */
const emptiers: (() => void)[] = [];

/**
 * Caches the result for each object, which must not change afterwards: indexes of members and streams, of which there may be thousands, are
 * built once and not once for each of them. To be called once for each function, not for each document.
 */
export function perObject<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  let cached = perPart(make);
  emptiers.push(() => (cached = perPart(make)));
  return (key) => cached(key);
}

/**
 * Empties these caches, because a document is no longer needed. With a WeakMap that would not be necessary, but V8 keeps the entries of one,
 * as it keeps those of a Map that is cleared, until it collects the old generation: of a fleet, hundreds of megabytes.
 */
export function forgetObjects(): void {
  for (const empty of emptiers) empty();
}

/** The same for objects within another one: the cache is gone with the function. */
export function perPart<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, { value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}

/** The number of occurrences of each key. */
export function tally<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** The first item of each key. */
export function firstBy<Key, Item>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item> {
  const first = new Map<Key, Item>();
  for (const item of items) {
    const key = keyOf(item);
    if (!first.has(key)) first.set(key, item);
  }
  return first;
}
