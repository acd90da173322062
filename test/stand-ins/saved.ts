import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StatusDocument } from '../../src/document/schema.ts';
import type { Host } from './host.ts';
import { collectRecorded } from '../health/situation.ts';

/** The time of collecting of the saved document, and a slightly later time for `--now`. */
export const COLLECTED = Date.parse('2026-11-21T07:00:00Z');
export const NOW = '2026-11-21T07:00:12Z';

/** The document of a healthy cluster of two members with five backups, with fixed durations, because they vary. */
export async function healthyDocument(): Promise<StatusDocument> {
  const document = await collectRecorded({
    patroni: 'v4.1.4/s1_healthy.node1',
    walg: 'v3.0.9/healthy-many',
    at: COLLECTED,
  });
  for (const run of Object.values(document.collectors ?? {})) if (run !== null) run.duration_ms = 40;
  return document;
}

/** Writes a document to a file of this name in the folder of the host. */
export function save(host: Host, document: unknown, name = 'status.json'): void {
  writeFileSync(join(host.folder, name), JSON.stringify(document));
}
