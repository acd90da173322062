import type { Judged } from '../document/cluster.ts';

/** All that may shape a text besides the clusters themselves. */
export interface Rendering {
  /** How wide a person's terminal is, in cells. */
  columns: number;
  /** Whether a terminal understands colours. */
  colour: boolean;
  /** Whether JSON is for a person's eyes. */
  indented: boolean;
  /** The time that ages count from, epoch milliseconds. */
  now: number;
  /** Whether Prometheus gets the names of WAL-G's own exporter too. */
  walgCompat: boolean;
  /** Whether this node publishes what is shown; undefined = that was not asked for. */
  publishes?: boolean | undefined;
  /** There may be any number of clusters: JSON is an array then, even of one. */
  isList: boolean;
}

/** One file per format. */
export type Format = (clusters: readonly Judged[], rendering: Rendering) => string;
