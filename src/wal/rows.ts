import type { Integrity } from '../document/schema.ts';

export type IntegrityRow = NonNullable<Integrity['details']>[number];

export interface Segment {
  timeline: number;
  /** Counted from the first segment of the WAL, regardless of the timeline. */
  number: number;
}

const BYTES_OF_A_LOG = 2 ** 32;

/** The number of bytes of a segment of `size` megabytes. */
export function segmentBytes(size: number): bigint {
  return BigInt(size * 1024 * 1024);
}

/** The number of the segment that contains this LSN, for segments of `size` megabytes. */
export function segmentAt(position: bigint, size: number): number {
  return Number(position / segmentBytes(size));
}

const SEGMENT_NAME = /^[0-9A-F]{24}$/i;

/** Parses the file name of a WAL segment of `size` megabytes; undefined if it is not one. */
export function parseSegment(name: string, size: number): Segment | undefined {
  const number = segmentNumber(name, size);
  return number === undefined ? undefined : { timeline: part(name, 0), number };
}

/** Only its number. */
export function segmentNumber(name: string, size: number): number | undefined {
  if (!SEGMENT_NAME.test(name)) return undefined;
  return part(name, 8) * (BYTES_OF_A_LOG / (size * 1024 * 1024)) + part(name, 16);
}

function part(name: string, start: number): number {
  return Number.parseInt(name.slice(start, start + 8), 16);
}
