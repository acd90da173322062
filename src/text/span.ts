/** A part of a text, its end not included. */
export interface Span {
  start: number;
  end: number;
}
