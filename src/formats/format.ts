import type { Judged } from '../document/cluster.ts';

/** Everything besides the clusters that affects a text. */
export interface Rendering {
  /** The width of the terminal in cells. */
  columns: number;
  /** Whether to use colours. */
  colour: boolean;
  /** Whether to indent JSON for people. */
  indented: boolean;
  /** The time that ages count from, epoch milliseconds. */
  now: number;
  /** Whether to add the metrics of WAL-G's own exporter for Prometheus. */
  walgCompat: boolean;
  /** Whether this node publishes the document; undefined = publishing was not asked for. */
  publishes?: boolean | undefined;
  /** The name or origin of the cluster that the report of several shows in full; undefined = none. */
  details?: string | undefined;
  /** The source yields a list: JSON is an array, even of one cluster. */
  isList: boolean;
}

/** One file per format. */
export type Format = (clusters: readonly Judged[], rendering: Rendering) => string;
