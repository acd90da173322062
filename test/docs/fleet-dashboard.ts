import { dashboardJson, graph, stat, table, timeline, type Query } from './grafana.ts';

const WHICH = '{context=~"$context", namespace=~"$namespace"}';
const BY = 'by (context, namespace, scope)';

/** For each cluster the largest value of all scraped hosts. A cluster that was read back has a namespace and a context. */
const each = (metric: string) => `max ${BY} (${metric}${WHICH})`;
const age = (metric: string) => `time() - ${each(metric)}`;
/** Separate queries, because unknown (3) is the larger number but critical (2) is worse. */
const having = (status: number) => `max ${BY} (postgres_status_state${WHICH} == ${status})`;
const without = (query: string, worse: readonly number[]) =>
  [query, ...worse.map((status) => having(status))].join(' unless ');
const number = (query: string): Query => ({ expr: `count(${query}) or vector(0)` });

const SAFE = 'postgres_status_recovery_safe_timestamp_seconds';
const CLUSTER = '{{context}} {{namespace}} {{scope}}';
const LINK =
  '/d/postgres-status-cluster?var-datasource=${datasource}&var-context=${__data.fields["Context"]}&var-namespace=${__data.fields["Namespace"]}&var-scope=${__data.fields["Cluster"]}';

/** examples/grafana/fleet.json: all clusters, worst first. */
export function fleetDashboard(): string {
  const size: [number, number] = [4, 4];
  return dashboardJson({
    uid: 'postgres-status-fleet',
    title: 'PostgreSQL clusters (postgres-status)',
    description: 'All clusters that postgres-status tells of, worst first.',
    variables: [
      { name: 'context', label: 'Context', metric: 'postgres_status_up', multi: true },
      { name: 'namespace', label: 'Namespace', metric: 'postgres_status_up{context=~"$context"}', multi: true },
    ],
    rows: [
      {
        title: 'How many',
        panels: [
          stat({ title: 'Clusters', size, queries: [number(each('postgres_status_up'))] }),
          stat({ title: 'Critical', size, queries: [number(having(2))] }, alarming('red')),
          stat({ title: 'Unknown', size, queries: [number(without(having(3), [2]))] }, alarming('purple')),
          stat({ title: 'Warning', size, queries: [number(without(having(1), [2, 3]))] }, alarming('yellow')),
          stat(
            {
              title: 'Stale',
              description: 'The newest status is older than five minutes: what it says may not be true any more.',
              size,
              queries: [number(`${age('postgres_status_last_run_timestamp_seconds')} > 300`)],
            },
            alarming('red'),
          ),
          stat(
            {
              title: 'Without a backup that can be restored',
              size,
              queries: [number(`${each('postgres_status_recovery_backups_restorable')} == 0`)],
            },
            alarming('red'),
          ),
        ],
      },
      {
        title: 'Clusters',
        panels: [
          table(
            {
              title: 'Clusters, worst first',
              description:
                'A click on the name shows the cluster. Safe up to: how long ago the last moment was up to which everything that was committed is known to survive the loss of all hosts.',
              size: [24, 12],
              queries: [
                { legend: 'verdict', expr: each('postgres_status_state') },
                {
                  legend: 'rank',
                  expr: `max ${BY} (postgres_status_state${WHICH} == 2) * 2 or ${each('postgres_status_state')}`,
                },
                { legend: 'members', expr: each('postgres_status_patroni_members') },
                { legend: 'healthy', expr: each('postgres_status_patroni_members_healthy') },
                { legend: 'lag', expr: each('postgres_status_patroni_member_lag_bytes') },
                {
                  legend: 'backup',
                  expr: `min ${BY} (postgres_status_walg_last_backup_age_seconds${WHICH})`,
                },
                { legend: 'safe', expr: age(SAFE) },
                { legend: 'unarchived', expr: each('postgres_status_archive_unarchived_bytes') },
                { legend: 'age', expr: age('postgres_status_last_run_timestamp_seconds') },
              ],
            },
            [
              { of: 'scope', name: 'Cluster', link: LINK },
              { of: 'namespace', name: 'Namespace' },
              { of: 'context', name: 'Context' },
              { of: 'verdict', name: 'Verdict', isStatus: true },
              { of: 'members', name: 'Members' },
              { of: 'healthy', name: 'Healthy' },
              { of: 'lag', name: 'Lag', unit: 'bytes' },
              { of: 'backup', name: 'Newest backup', unit: 's' },
              { of: 'safe', name: 'Safe up to', unit: 's' },
              { of: 'unarchived', name: 'In no archive', unit: 'bytes' },
              { of: 'age', name: 'Status age', unit: 's' },
              { of: 'rank', name: 'Rank' },
            ],
            'Rank',
          ),
          table(
            {
              title: 'Checks that are not ok',
              size: [24, 8],
              queries: [
                {
                  legend: 'state',
                  expr: `max by (context, namespace, scope, check) (postgres_status_check_state${WHICH} > 0)`,
                },
              ],
            },
            [
              { of: 'scope', name: 'Cluster', link: LINK },
              { of: 'namespace', name: 'Namespace' },
              { of: 'context', name: 'Context' },
              { of: 'check', name: 'Check' },
              { of: 'state', name: 'Status', isStatus: true },
            ],
            'Status',
          ),
        ],
      },
      {
        title: 'Over time',
        panels: [
          timeline({
            title: 'Verdict',
            size: [24, 9],
            queries: [{ expr: each('postgres_status_state'), legend: CLUSTER }],
          }),
          graph({
            title: 'Age of the newest backup',
            unit: 's',
            size: [8, 8],
            queries: [{ expr: `min ${BY} (postgres_status_walg_last_backup_age_seconds${WHICH})`, legend: CLUSTER }],
          }),
          graph({
            title: 'WAL not archived',
            unit: 'bytes',
            size: [8, 8],
            queries: [{ expr: each('postgres_status_archive_unarchived_bytes'), legend: CLUSTER }],
          }),
          graph({
            title: 'Lag of the slowest replica',
            unit: 'bytes',
            size: [8, 8],
            queries: [{ expr: each('postgres_status_patroni_member_lag_bytes'), legend: CLUSTER }],
          }),
        ],
      },
    ],
  });
}

/** Green at 0, this colour from 1 on. */
function alarming(colour: string): readonly (readonly [number | null, string])[] {
  return [
    [null, 'green'],
    [1, colour],
  ];
}
