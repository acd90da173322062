import { collectors, type CollectorName, collectorNames } from '../collectors/index.ts';
import { execute } from '../collectors/execute.ts';
import type { Sources } from '../collectors/collector.ts';
import { fitDocument } from '../document/fit.ts';
import { SCHEMA_VERSION, type CollectorRun, type StatusDocument } from '../document/schema.ts';
import { generator } from '../generator.ts';
import type { Deadline } from '../system/deadline.ts';
import type { Redact } from '../system/redact.ts';

export interface LiveSource {
  names: readonly CollectorName[];
  sources: Sources;
  deadline: Deadline;
  redact: Redact;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Runs the collectors, all at once, and makes one document of what they bring. */
export async function collectDocument({ names, sources, deadline, redact, now }: LiveSource): Promise<StatusDocument> {
  const collectedAt = Math.floor(now() / 1000);
  const document = blankDocument(collectedAt, names);
  const runs: Partial<Record<CollectorName, CollectorRun>> = {};
  await Promise.all(
    names.map(async (name) => {
      const { part, run } = await execute<Partial<StatusDocument>>(
        collectors[name],
        sources,
        deadline,
        redact,
        collectedAt,
      );
      Object.assign(document, part);
      runs[name] = run;
    }),
  );
  const { patroni = null, walg_backups = null, walg_verify = null } = runs;
  return fitDocument({ ...document, collectors: { patroni, walg_backups, walg_verify } });
}

/** All keys in their final order, nothing known yet: the contract's, and those of the collectors that are asked. */
function blankDocument(collectedAt: number, names: readonly CollectorName[]): StatusDocument {
  const asked = collectorNames.filter((name) => names.includes(name));
  return {
    cluster_status: { members: [] },
    patroni_archive_enabled: null,
    patroni_archive_command_set: null,
    walg_last_backup: null,
    walg_timeline: null,
    walg_integrity: null,
    current_timestamp: collectedAt,
    schema_version: SCHEMA_VERSION,
    generator,
    ...Object.assign({}, ...asked.map((name) => collectors[name].unknown)),
  } as StatusDocument;
}
