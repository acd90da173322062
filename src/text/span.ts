/** A part of a text, from `start` up to but not including `end`. */
export interface Span {
  start: number;
  end: number;
}
