import type { Judged, WithVerdict } from '../document/cluster.ts';

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

/** What is known of it before a cluster is. */
export type Style = Omit<Rendering, 'now' | 'isList' | 'publishes'>;

/**
 * One file per format. There may be thousands of clusters, whose documents would take hundreds of megabytes: of each, only a row is kept,
 * which is what the text of several needs of it.
 */
export interface Format<Row = unknown> {
  /** The text of the only cluster, if its document could be read; undefined = it is the text of several. */
  one?(cluster: WithVerdict, rendering: Rendering): string;
  row(cluster: Judged, rendering: Omit<Rendering, 'isList'>): Row;
  several(rows: readonly Row[], rendering: Style): string;
}

/** A cluster of a text: its row; or the whole of the first one, because it may be the only one. */
export type Piece = { row: unknown } | { whole: Judged; now: number };

/** Makes the text of clusters that are judged one after the other. */
export class Writer {
  readonly #format: Format;
  readonly #style: Style;
  #isFirst = true;

  constructor(format: Format, style: Style) {
    this.#format = format;
    this.#style = style;
  }

  /** @param now the time that the ages of this cluster count from, epoch milliseconds. */
  take(cluster: Judged, now: number): Piece {
    if (!this.#isFirst) return { row: this.#format.row(cluster, { ...this.#style, now }) };
    this.#isFirst = false;
    return { whole: cluster, now };
  }

  /** The text of all of them, in this order. */
  text(pieces: readonly Piece[], rest: Pick<Rendering, 'isList' | 'publishes'>): string {
    const [only, ...others] = pieces;
    const rendering = { ...this.#style, ...rest };
    if (this.#format.one && others.length === 0 && only && 'whole' in only && only.whole.document !== null)
      return this.#format.one(only.whole, { ...rendering, now: only.now });
    const rows = pieces.map((piece) =>
      'whole' in piece ? this.#format.row(piece.whole, { ...rendering, now: piece.now }) : piece.row,
    );
    return this.#format.several(rows, rendering);
  }
}
