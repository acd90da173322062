import type { Judged, JudgedDocument, Origin } from '../document/cluster.ts';

/** A cluster of a list in JSON and YAML: `document` or `error` is null. */
interface Listed {
  cluster: string;
  origin: Origin;
  document: JudgedDocument | null;
  error: string | null;
}

/** The value for JSON and YAML: the document itself if the source is one cluster, an array if it is a list, even of one. */
export function shape(clusters: readonly Judged[], isList: boolean): JudgedDocument | Listed[] {
  const [only] = clusters;
  if (!isList && only?.document) return only.document;
  return clusters.map(({ name, origin, document, error }) => ({ cluster: name, origin, document, error }));
}
