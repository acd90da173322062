import type { Memory } from '../document/memory.ts';
import type { Health, HealthCheck, StatusDocument } from '../document/schema.ts';
import { isStandbyCluster } from '../document/state.ts';
import { worst } from '../document/status.ts';
import { SCHEMA_VERSION } from '../document/version.ts';
import { archiving } from './archiving.ts';
import { backup } from './backup.ts';
import { backupSource } from './backup-source.ts';
import type { Check, Finding } from './check.ts';
import { collection } from './collection.ts';
import { dcs } from './dcs.ts';
import { failovers } from './failovers.ts';
import { lag } from './lag.ts';
import { leader } from './leader.ts';
import { maintenance } from './maintenance.ts';
import { members } from './members.ts';
import { recovery } from './recovery.ts';
import { replicas } from './replicas.ts';
import { sinceOf } from './since.ts';
import { standbyCluster } from './standby-cluster.ts';
import { synchronous } from './synchronous.ts';
import type { Thresholds } from './thresholds.ts';
import { walIntegrity } from './wal-integrity.ts';
import { walTimeline } from './wal-timeline.ts';

/** Every check, under the name that the document calls it, in the order in which they are shown. */
const checks: Readonly<Record<string, Check>> = {
  collection,
  leader,
  members,
  replicas,
  synchronous,
  lag,
  standby_cluster: standbyCluster,
  maintenance,
  dcs,
  archiving,
  backup,
  backup_source: backupSource,
  recovery,
  wal_integrity: walIntegrity,
  wal_timeline: walTimeline,
  failovers,
};

/** Their names, for what describes or alerts on each of them. */
export const checkNames: readonly string[] = Object.keys(checks);

/**
 * The verdict on a document, with its reasons. Nothing is asked here but the document, and no clock but `now` (epoch milliseconds):
 * how old something is counts from it.
 */
export function judge(document: StatusDocument, thresholds: Thresholds, now: number, memory?: Memory): Health {
  const leftOut: string[] = [];
  const findings = Object.entries(checks).flatMap(([name, check]) => {
    const finding = check({ document, thresholds, now, memory });
    if (finding === undefined) {
      if (concerns(name, document)) leftOut.push(name);
      return [];
    }
    const since = sinceOf({ name, status: finding.status }, document, memory);
    return [{ name, ...described(finding), ...(since !== undefined && { since }) }];
  });
  return {
    status: worst(findings.map(({ status }) => status)),
    checks: findings,
    // in a document of today a check that says nothing has nothing to say
    ...(leftOut.length > 0 && (document.schema_version ?? 0) < SCHEMA_VERSION && { left_out: leftOut }),
  };
}

/** Some checks are about some clusters only: of the others no fact is lacking. */
function concerns(name: string, document: StatusDocument): boolean {
  if (name === 'recovery') return false;
  if (name === 'standby_cluster') return isStandbyCluster(document);
  return name !== 'synchronous' || document.patroni_config == null;
}

/** The reasons also as one sentence, for readers that know no list. */
function described({ status, reasons, ...numbers }: Finding): Omit<HealthCheck, 'name'> {
  return { status, message: reasons.join('; '), ...(reasons.length > 1 && { reasons: [...reasons] }), ...numbers };
}
