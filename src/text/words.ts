/** `1 segment`, `3 segments`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** `"a", "b" and "c"`. */
export function listQuoted(names: readonly string[]): string {
  return list(names.map((name) => `"${name}"`));
}

/** The first words and the number of the others: messages must fit a pager. */
export function some(words: readonly string[], most = 3): string {
  const more = words.length - most;
  return more > 0 ? `${words.slice(0, most).join(', ')} and ${more} more` : list(words);
}

/** A point in time as `2026-11-21 06:42:50 UTC`; a number from outside may be out of range. */
export function pointInTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return 'a time out of range';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The epoch milliseconds of a time; undefined = it is not a time. */
export function moment(time: string | null | undefined): number | undefined {
  if (time == null) return undefined;
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** A state of Patroni in a sentence: `is stopped`, `is in state "start failed"`. */
export function isInState(state: string): string {
  if (state === '') return 'is in an unknown state';
  return /^\w+$/.test(state) ? `is ${state}` : `is in state "${state}"`;
}
