import { dashboardJson, graph, name, stat, status, table, timeline } from './grafana.ts';

const LABELS = 'context=~"$context", namespace=~"$namespace", scope=~"$scope"';

/** The series of the selected cluster, one for each scraped host. */
const of = (metric: string, more = '') => `${metric}{${LABELS}${more === '' ? '' : `, ${more}`}}`;
/** The largest value of all hosts: one for the cluster, or one for each value of these labels. */
const largest = (metric: string, by = '', more = '') => `max by (${by}) (${of(metric, more)})`;
const age = (metric: string) => `time() - ${largest(metric)}`;

const MEMBER = '{{member}}';
const DAYS = 86_400;

/** examples/grafana/cluster.json: the problems of one cluster, and since when they last. */
export function clusterDashboard(): string {
  return dashboardJson({
    uid: 'postgres-status-cluster',
    title: 'PostgreSQL cluster (postgres-status)',
    description: 'One cluster: its verdict, members, backups, WAL and what can be restored.',
    variables: [
      { name: 'context', label: 'Context', metric: 'postgres_status_up', multi: true },
      { name: 'namespace', label: 'Namespace', metric: 'postgres_status_up{context=~"$context"}', multi: true },
      {
        name: 'scope',
        label: 'Cluster',
        metric: 'postgres_status_up{context=~"$context", namespace=~"$namespace"}',
        multi: false,
      },
    ],
    rows: [
      { title: 'Now', panels: now() },
      { title: 'Checks', panels: checks() },
      { title: 'Members', panels: members() },
      { title: 'WAL and what can be restored', panels: wal() },
      { title: 'Backups', panels: backups() },
      { title: 'postgres-status itself', panels: itself() },
    ],
  });
}

function now() {
  const size: [number, number] = [3, 4];
  return [
    status({ title: 'Verdict', size, queries: [{ expr: largest('postgres_status_state') }] }),
    name({
      title: 'Leader',
      size,
      queries: [
        {
          expr: largest('postgres_status_patroni_member_info', 'member', 'role=~"leader|master|standby_leader"'),
          legend: MEMBER,
        },
      ],
    }),
    stat(
      {
        title: 'Unhealthy members',
        size,
        queries: [
          {
            expr: `${largest('postgres_status_patroni_members')} - ${largest('postgres_status_patroni_members_healthy')}`,
          },
        ],
      },
      [
        [null, 'green'],
        [1, 'red'],
      ],
    ),
    stat({
      title: 'Lag of the slowest replica',
      unit: 'bytes',
      size,
      queries: [{ expr: largest('postgres_status_patroni_member_lag_bytes') }],
    }),
    stat(
      {
        title: 'Age of the newest backup',
        unit: 's',
        size,
        queries: [{ expr: `min(${of('postgres_status_walg_last_backup_age_seconds')})` }],
      },
      [
        [null, 'green'],
        [6 * DAYS, 'yellow'],
        [8 * DAYS, 'red'],
      ],
    ),
    stat({
      title: 'Safe up to',
      description:
        'How long ago the last moment was up to which everything that was committed is known to survive the loss of all hosts. With --state it is exact to the minute; without, it is older.',
      unit: 's',
      size,
      queries: [{ expr: age('postgres_status_recovery_safe_timestamp_seconds') }],
    }),
    stat({
      title: 'WAL not archived',
      unit: 'bytes',
      size,
      queries: [{ expr: largest('postgres_status_archive_unarchived_bytes') }],
    }),
    stat(
      {
        title: 'Age of this status',
        unit: 's',
        size,
        queries: [{ expr: age('postgres_status_last_run_timestamp_seconds') }],
      },
      [
        [null, 'green'],
        [300, 'red'],
      ],
    ),
  ];
}

function checks() {
  return [
    timeline({
      title: 'Checks',
      description: 'postgres-status --format report has the reasons; the runbook says what to do.',
      size: [24, 12],
      queries: [{ expr: largest('postgres_status_check_state', 'check'), legend: '{{check}}' }],
    }),
  ];
}

function members() {
  return [
    table(
      {
        title: 'Members',
        size: [12, 8],
        queries: [
          { legend: 'info', expr: largest('postgres_status_patroni_member_info', 'member, role, state') },
          { legend: 'healthy', expr: largest('postgres_status_patroni_member_healthy', 'member') },
          { legend: 'timeline', expr: largest('postgres_status_patroni_member_timeline', 'member') },
          { legend: 'lag', expr: largest('postgres_status_patroni_member_lag_bytes', 'member') },
          { legend: 'restart', expr: largest('postgres_status_patroni_member_pending_restart', 'member') },
        ],
      },
      [
        { of: 'member', name: 'Member' },
        { of: 'role', name: 'Role' },
        { of: 'state', name: 'State' },
        { of: 'healthy', name: 'Healthy', unit: 'bool_yes_no' },
        { of: 'timeline', name: 'Timeline' },
        { of: 'lag', name: 'Lag', unit: 'bytes' },
        { of: 'restart', name: 'Restart pending', unit: 'bool_yes_no' },
      ],
    ),
    graph({
      title: 'Lag',
      unit: 'bytes',
      size: [12, 8],
      queries: [
        { expr: largest('postgres_status_patroni_member_lag_bytes', 'member'), legend: MEMBER },
        { expr: largest('postgres_status_patroni_member_replay_lag_bytes', 'member'), legend: `${MEMBER}, replay` },
      ],
    }),
    graph({
      title: 'Members',
      size: [8, 7],
      queries: [
        { expr: largest('postgres_status_patroni_members'), legend: 'listed' },
        { expr: largest('postgres_status_patroni_members_healthy'), legend: 'healthy' },
      ],
    }),
    graph({
      title: 'Timeline of each member',
      size: [8, 7],
      queries: [{ expr: largest('postgres_status_patroni_member_timeline', 'member'), legend: MEMBER }],
    }),
    graph({
      title: 'Changes of the leader',
      size: [8, 7],
      queries: [{ expr: largest('postgres_status_patroni_failovers_recent', 'window'), legend: 'within {{window}}' }],
    }),
  ];
}

function wal() {
  return [
    graph({
      title: 'WAL not archived',
      description: 'What would be lost with all hosts. Up to 8 KiB are normal on an idle cluster.',
      unit: 'bytes',
      size: [8, 8],
      queries: [{ expr: largest('postgres_status_archive_unarchived_bytes'), legend: 'not archived' }],
    }),
    graph({
      title: 'Safe up to, how long ago',
      unit: 's',
      size: [8, 8],
      queries: [{ expr: age('postgres_status_recovery_safe_timestamp_seconds'), legend: 'safe up to' }],
    }),
    graph({
      title: 'WAL archived',
      unit: 'Bps',
      size: [8, 8],
      queries: [
        {
          expr: `clamp_min(max(deriv(${of('postgres_status_archive_end_lsn_bytes')}[30m])), 0)`,
          legend: 'archived',
        },
      ],
    }),
    graph({
      title: 'Missing segments',
      size: [8, 8],
      queries: [
        { expr: largest('postgres_status_archive_lag_segments'), legend: 'not archived yet' },
        { expr: largest('postgres_status_archive_lost_segments'), legend: 'lost' },
        { expr: largest('postgres_status_archive_doubtful_segments'), legend: 'in doubt' },
      ],
    }),
    graph({
      title: 'Backups, and gaps between the times that can be restored',
      size: [8, 8],
      queries: [
        { expr: largest('postgres_status_recovery_backups_restorable'), legend: 'can be restored' },
        { expr: largest('postgres_status_recovery_backups_not_restorable'), legend: 'cannot be restored' },
        { expr: largest('postgres_status_recovery_gaps'), legend: 'gaps' },
      ],
    }),
    table(
      {
        title: 'Times that can be restored',
        size: [8, 8],
        queries: [
          {
            legend: 'from',
            expr: `1000 * ${largest('postgres_status_recovery_window_start_timestamp_seconds', 'backup_name')}`,
          },
          {
            legend: 'to',
            expr: `1000 * ${largest('postgres_status_recovery_window_end_timestamp_seconds', 'backup_name')}`,
          },
        ],
      },
      [
        { of: 'from', name: 'From', unit: 'dateTimeAsIso' },
        { of: 'to', name: 'To', unit: 'dateTimeAsIso' },
        { of: 'backup_name', name: 'First backup' },
      ],
      'From',
    ),
  ];
}

function backups() {
  const each = (metric: string) => largest(`postgres_status_walg_backup_${metric}`, 'backup_name');
  return [
    table(
      {
        title: 'Newest backups',
        size: [24, 8],
        queries: [
          {
            legend: 'info',
            expr: largest(
              'postgres_status_walg_backup_info',
              'backup_name, backup_type, hostname, is_permanent, storage',
            ),
          },
          { legend: 'finish', expr: `1000 * ${each('finish_timestamp_seconds')}` },
          { legend: 'duration', expr: each('duration_seconds') },
          { legend: 'stored', expr: each('compressed_size_bytes') },
          { legend: 'restored', expr: each('uncompressed_size_bytes') },
        ],
      },
      [
        { of: 'backup_name', name: 'Backup' },
        { of: 'backup_type', name: 'Type' },
        { of: 'finish', name: 'Complete', unit: 'dateTimeAsIso' },
        { of: 'duration', name: 'Took', unit: 's' },
        { of: 'stored', name: 'Stored', unit: 'bytes' },
        { of: 'restored', name: 'Restored', unit: 'bytes' },
        { of: 'hostname', name: 'Taken on' },
        { of: 'is_permanent', name: 'Permanent' },
        { of: 'storage', name: 'Storage' },
      ],
      'Complete',
    ),
    graph({
      title: 'Age of the newest backup',
      unit: 's',
      size: [8, 7],
      queries: [
        { expr: largest('postgres_status_walg_last_backup_age_seconds', 'backup_type'), legend: '{{backup_type}}' },
      ],
    }),
    graph({
      title: 'Backups in the storage',
      size: [8, 7],
      queries: [{ expr: largest('postgres_status_walg_backups', 'backup_type'), legend: '{{backup_type}}' }],
    }),
    graph({
      title: 'Size of all backups',
      unit: 'bytes',
      size: [8, 7],
      queries: [{ expr: largest('postgres_status_walg_backups_compressed_size_bytes'), legend: 'stored' }],
    }),
  ];
}

function itself() {
  return [
    graph({
      title: 'How long collecting takes',
      unit: 's',
      size: [12, 7],
      queries: [
        {
          expr: largest('postgres_status_collector_duration_seconds', 'collector, instance'),
          legend: '{{collector}} {{instance}}',
        },
      ],
    }),
    graph({
      title: 'Collectors that succeeded (1) or failed (0)',
      size: [12, 7],
      queries: [
        {
          expr: `min by (collector, instance) (${of('postgres_status_collector_success')})`,
          legend: '{{collector}} {{instance}}',
        },
      ],
    }),
    stat({
      title: 'Last change of the leader',
      unit: 's',
      size: [6, 4],
      queries: [{ expr: age('postgres_status_patroni_last_failover_timestamp_seconds') }],
    }),
    stat({
      title: 'PostgreSQL has run for',
      unit: 's',
      size: [6, 4],
      queries: [{ expr: age('postgres_status_patroni_postmaster_start_timestamp_seconds') }],
    }),
    table(
      {
        title: 'Versions',
        size: [12, 4],
        queries: [{ legend: 'build', expr: largest('postgres_status_build_info', 'instance, version') }],
      },
      [
        { of: 'instance', name: 'Instance' },
        { of: 'version', name: 'postgres-status' },
      ],
    ),
  ];
}
