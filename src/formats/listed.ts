import type { Judged, JudgedDocument, Origin } from '../document/cluster.ts';

/** A cluster of a list in JSON and YAML: `document` or `error` is null. */
interface Listed {
  cluster: string;
  origin: Origin;
  document: JudgedDocument | null;
  error: string | null;
}

export function listed({ name, origin, document, error }: Judged): Listed {
  return { cluster: name, origin, document, error };
}
