import {
  failed,
  type Body,
  type ClusterBody,
  type Moment,
  type NodeBody,
  said,
  type Said,
  WALG_309,
} from './moment.ts';

/** The parts of a document from which the replies of Patroni and WAL-G can be reconstructed. */
export interface SavedDocument {
  current_timestamp: number;
  cluster_status: ClusterBody;
  patroni_archive_command_set: boolean | null;
  /** The value, if the document lacks it: an older version recorded only that it was set. */
  archive_command?: string;
  patroni_config: Record<string, unknown> | null;
  node: Record<string, unknown> & { name: string; role: string };
  failovers: { timeline: number; lsn: string; reason: string; time: string; new_leader: string }[] | null;
  walg_backups: { recent: (Record<string, unknown> & { start_lsn: string; finish_lsn: string })[] } | null;
  walg_integrity: { integrity: unknown } | null;
  walg_timeline: { timeline: unknown } | null;
  collectors: { walg_verify: { error: string | null } };
}

/** Reconstructs the replies of the asked member and of WAL-G. If /cluster was not answered, the other endpoints were not either. */
export function momentOf(document: SavedDocument, show = failed('ERROR: not recorded\n')): Moment {
  const { node, cluster_status: cluster, current_timestamp: now, failovers, walg_backups: backups } = document;
  const answered = cluster.members.length > 0;
  const history = failovers?.map(({ timeline, lsn, reason, time, new_leader }) => [
    timeline,
    position(lsn),
    reason,
    time,
    new_leader,
  ]);
  return {
    at: now * 1000,
    asked: [node.name],
    members: {
      [node.name]: {
        patroni: nodeBody(node),
        ...(document.patroni_config !== null && { config: configBody(document) }),
        ...(answered && { cluster }),
        ...(answered && history !== undefined && { history }),
      },
    },
    walg: {
      version: WALG_309,
      backups: said(bigNumbers((backups?.recent ?? []).map(detailed))),
      verify: verified(document),
      show,
      arrivals: {},
    },
  };
}

function nodeBody({
  name,
  scope,
  patroni_version: version,
  system_identifier,
  lsn,
  paused,
  ...node
}: SavedDocument['node']): NodeBody {
  const leads = ['primary', 'master'].includes(node.role);
  const location = typeof lsn === 'string' ? position(lsn) : undefined;
  const xlog = leads ? { location } : { received_location: location, replayed_location: location, paused: false };
  const { cluster_unanswered, ...rest } = node;
  return {
    ...rest,
    ...(location !== undefined && { xlog }),
    ...(paused === true && { pause: true }),
    database_system_identifier: system_identifier,
    patroni: { version, scope, name },
  };
}

function configBody(document: SavedDocument): Body {
  const { patroni_config: config, patroni_archive_command_set: set, archive_command: command } = document;
  const { archive_mode, standby_cluster, ...rest } = config ?? {};
  return {
    ...rest,
    retry_timeout: 10,
    ...(standby_cluster === true && { standby_cluster: { host: '127.0.11.1' } }),
    postgresql: {
      parameters: {
        archive_mode,
        archive_timeout: 60,
        ...(set === true && { archive_command: command ?? 'wal-g wal-push %p' }),
      },
    },
  };
}

function verified({ walg_integrity: integrity, walg_timeline: timeline, collectors }: SavedDocument): Said {
  if (integrity === null || timeline === null)
    return failed(`ERROR: ${collectors.walg_verify.error?.replace(/^.* failed with exit status \d+: /, '') ?? ''}\n`);
  return said(JSON.stringify({ ...integrity, ...timeline }));
}

function detailed({ start_lsn, finish_lsn, ...backup }: { start_lsn: string; finish_lsn: string }): Body {
  return { ...backup, start_lsn: position(start_lsn), finish_lsn: position(finish_lsn) };
}

/** WAL-G prints the system identifier as a number that JavaScript cannot represent. */
export function bigNumbers(backups: readonly Body[]): string {
  return JSON.stringify(backups).replaceAll(/"system_identifier":"(\d+)"/g, '"system_identifier":$1');
}

export function position(lsn: string): number {
  const [high = '', low = ''] = lsn.split('/');
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
}
