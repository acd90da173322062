import type { Integrity } from '../document/schema.ts';

export type IntegrityRow = NonNullable<Integrity['details']>[number];

export interface Segment {
  timeline: number;
  /** Counted from the first segment of the WAL, on any timeline. */
  number: number;
}

const BYTES_OF_A_LOG = 2 ** 32;

/** The bytes of a segment of `size` megabytes. */
export function segmentBytes(size: number): bigint {
  return BigInt(size * 1024 * 1024);
}

/** The number of the segment that this byte of the WAL lies in, for segments of `size` megabytes. */
export function segmentAt(position: bigint, size: number): number {
  return Number(position / segmentBytes(size));
}

/** A WAL segment by its file name, for segments of `size` megabytes; undefined where the name is none. */
export function parseSegment(name: string, size: number): Segment | undefined {
  const match = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/i.exec(name);
  if (match === null) return undefined;
  const [timeline = 0, log = 0, low = 0] = match.slice(1).map((part) => Number.parseInt(part, 16));
  return { timeline, number: log * (BYTES_OF_A_LOG / (size * 1024 * 1024)) + low };
}
