import type { Judged, JudgedDocument, Origin } from '../document/cluster.ts';

/** A cluster of a list, as programs read it: `document` or `error` is null. */
interface Listed {
  cluster: string;
  origin: Origin;
  document: JudgedDocument | null;
  error: string | null;
}

/** What is written as JSON or YAML: the document itself where the source is one cluster, and an array where it is a list, even of one. */
export function shape(clusters: readonly Judged[], isList: boolean): JudgedDocument | Listed[] {
  const [only] = clusters;
  if (!isList && only?.document) return only.document;
  return clusters.map(({ name, origin, document, error }) => ({ cluster: name, origin, document, error }));
}
