/** Parsers of durations and sizes. Each throws an Error with a message that follows the value. */

const UNITS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** A duration like `50s`, `1m30s` or `500ms`, in milliseconds; a bare number is seconds. */
export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(text)) throw new Error('is not a duration such as 50s, 1m30s or 8d');
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/gy);
  return [...parts].reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS.get(unit) ?? 0), 0);
}

const SIZES = ['', 'k', 'm', 'g', 't', 'p'];

/** A size like `16MiB`, `1GB` or `512kB`, in bytes, as PostgreSQL reads it: a kB has 1024 bytes. A bare number is bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(?:([kmgtp]?)(?:i?b)?)$/i.exec(text);
  if (match === null) throw new Error('is not a size such as 16MiB or 1GB');
  return Math.round(Number(match[1]) * 1024 ** SIZES.indexOf((match[2] ?? '').toLowerCase()));
}
