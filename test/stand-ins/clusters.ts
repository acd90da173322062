import type { Judged, JudgedDocument } from '../../src/document/cluster.ts';
import type { StatusDocument } from '../../src/document/schema.ts';

/** This document as the only cluster in the input of a format. */
export function oneCluster(document: StatusDocument, name?: string): Judged[] {
  const scope = name ?? document.node?.scope ?? document.cluster_status.scope ?? 'postgres-demo';
  return [{ name: scope, origin: { host: 'db1' }, document: withVerdict(document), error: null }];
}

export function withVerdict(document: StatusDocument): JudgedDocument {
  const { health } = document;
  if (health === undefined) throw new Error('nobody judged this document');
  return { ...document, health };
}
