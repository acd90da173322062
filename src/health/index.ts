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
import { sinceWhen } from './since.ts';
import { standbyCluster } from './standby-cluster.ts';
import { synchronous } from './synchronous.ts';
import type { Thresholds } from './thresholds.ts';
import { walIntegrity } from './wal-integrity.ts';
import { walTimeline } from './wal-timeline.ts';

/** Every check by its name in the document, in the order in which they are shown. */
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

const checksByName = Object.entries(checks);

/** Their names, for what describes or alerts on each of them. */
export const checkNames: readonly string[] = Object.keys(checks);

/**
 * The verdict on a document, with its reasons. It depends only on the arguments: ages are relative to `now` (epoch milliseconds).
 */
export function judge(document: StatusDocument, thresholds: Thresholds, now: number, memory?: Memory): Health {
  const leftOut: string[] = [];
  const findings: HealthCheck[] = [];
  const situation = { document, thresholds, now, memory };
  const since = sinceWhen(document, memory);
  for (const [name, check] of checksByName) {
    const finding = check(situation);
    if (finding !== undefined) findings.push(described(name, finding, since(name, finding.status)));
    else if (concerns(name, document)) leftOut.push(name);
  }
  return {
    status: worst(findings.map(({ status }) => status)),
    checks: findings,
    // in a document of the current version a check without a finding does not apply
    ...(leftOut.length > 0 && (document.schema_version ?? 0) < SCHEMA_VERSION && { left_out: leftOut }),
  };
}

/** Whether the check applies to this cluster: some checks apply to some clusters only. */
function concerns(name: string, document: StatusDocument): boolean {
  if (name === 'recovery') return false;
  if (name === 'standby_cluster') return isStandbyCluster(document);
  return name !== 'synchronous' || document.patroni_config == null;
}

/** The reasons also as one sentence, for consumers that read only `message`. Copied key by key: a spread takes several times as long. */
function described(name: string, finding: Finding, since: number | undefined): HealthCheck {
  const { status, reasons, collector, value, unit, warning, critical } = finding;
  const check: HealthCheck = { name, status, message: reasons.join('; ') };
  if (reasons.length > 1) check.reasons = [...reasons];
  if (collector !== undefined) check.collector = collector;
  if (value !== undefined) check.value = value;
  if (unit !== undefined) check.unit = unit;
  if (warning !== undefined) check.warning = warning;
  if (critical !== undefined) check.critical = critical;
  if (since !== undefined) check.since = since;
  return check;
}
