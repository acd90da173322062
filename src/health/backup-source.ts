import { newestBackup, type NewestBackup } from '../document/backups.ts';
import type { Node, StatusDocument } from '../document/schema.ts';
import { list } from '../text/words.ts';
import { recoveryOf } from '../wal/read.ts';
import { conclude, type Check, type Remark } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** Was the newest backup taken from this cluster? */
export const backupSource: Check = ({ document }) => {
  const { node } = document;
  if (isSkipped(document, 'patroni') || isSkipped(document, 'walg_backups') || node === undefined) return undefined;
  if (document.walg_last_backup === null) return notKnown(document, 'walg_backups', 'source of the backups');
  const newest = newestBackup(document);
  if (newest === undefined) return undefined;
  if (node === null) return notKnown(document, 'patroni', 'system identifier of this cluster');
  const facts = [compareSystems(newest, node), compareVersions(newest, node)].filter((fact) => fact !== undefined);
  const differing = facts.filter(({ same }) => !same);
  if (facts.length === 0)
    return {
      status: 'unknown',
      reasons: [
        `source of ${newest.backup_name} not known: ${newest.system_identifier == null ? 'WAL-G does not report which cluster it was taken from' : 'Patroni does not report the system identifier of this cluster'}`,
      ],
    };
  if (differing.length === 0)
    return conclude([
      {
        status: 'ok',
        text: `${newest.backup_name} was taken from this cluster (${facts.map(({ told }) => told).join(', ')})`,
      },
      ...strangers(document),
    ]);
  const upgraded = differing.some(({ what }) => what === 'version');
  return {
    status: 'critical',
    reasons: [
      `${newest.backup_name} was not taken from this cluster: ${differing.map(({ told }) => told).join('; ')}: ${
        upgraded
          ? 'either the cluster was upgraded and needs a new full backup, or WAL-G reads the wrong bucket or prefix'
          : 'either WAL-G reads the wrong bucket or prefix, or the cluster was initialised again and has no backup yet'
      }`,
    ],
  };
};

/**
 * Backups of other systems among those of this one. Backups from before a pg_upgrade are not reported: they are of an older PostgreSQL, and
 * stay until retention deletes them.
 */
function strangers(document: StatusDocument): Remark[] {
  const flawed = recoveryOf(document)?.not_restorable.filter(({ reason }) => reason === 'other_system') ?? [];
  if (flawed.length === 0) return [];
  const recent = new Map((document.walg_backups?.recent ?? []).map((backup) => [backup.backup_name, backup]));
  const version = document.node?.server_version;
  const foreign = flawed.filter(({ backup_name: name }) => {
    const theirs = recent.get(name)?.pg_version;
    return theirs == null || version == null || Number(major(theirs)) >= Number(major(version));
  });
  if (foreign.length === 0) return [];
  return [
    {
      status: 'warning',
      text: `${foreign.length === 1 ? 'a backup of another cluster is' : `${foreign.length} backups of other clusters are`} under the same prefix: ${list(foreign.map(({ backup_name: name, missing }) => `${name} (system identifier ${missing})`).slice(0, 3))}${foreign.length > 3 ? ', …' : ''}; retention counts them too: give each cluster its own prefix`,
    },
  ];
}

interface Fact {
  what: 'system' | 'version';
  same: boolean;
  told: string;
}

function compareSystems(newest: NewestBackup, node: Node): Fact | undefined {
  const [theirs, ours] = [newest.system_identifier, node.system_identifier];
  if (theirs == null || ours == null) return undefined;
  const same = theirs === ours;
  return {
    what: 'system',
    same,
    told: same ? `system identifier ${ours}` : `its system identifier is ${theirs}, the cluster's is ${ours}`,
  };
}

function compareVersions(newest: NewestBackup, node: Node): Fact | undefined {
  if (newest.pg_version == null || node.server_version == null) return undefined;
  const [theirs, ours] = [major(newest.pg_version), major(node.server_version)];
  const same = theirs === ours;
  return {
    what: 'version',
    same,
    told: same ? `PostgreSQL ${ours}` : `it was taken from PostgreSQL ${theirs}, the cluster runs ${ours}`,
  };
}

/** The major version: of 150018 it is 15, of 90624 it is 9.6. */
function major(version: number): string {
  const first = Math.floor(version / 10_000);
  return first >= 10 ? String(first) : `${first}.${Math.floor(version / 100) % 100}`;
}
