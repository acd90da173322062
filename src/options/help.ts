/** The texts of --help and the manual page besides the options. */

export const PURPOSE =
  'Asks Patroni and WAL-G once, within a fixed time, for the state of a PostgreSQL cluster and its backups, judges it, and prints one JSON document, a report for people, or the format of a monitoring system.';

export const PRECEDENCE =
  'A variable may be set in the WAL-G environment or in the process environment (that of --env only in the latter). An option overrides the WAL-G environment, which overrides the process environment, which overrides the default. STATUS_NAME and POD_NAMESPACE are looked up in the same way. An empty variable counts as not set.';

/** Commands and what they do. */
export const EXAMPLES: readonly (readonly [command: string, what: string])[] = [
  ['postgres-status --format report', 'a report on the cluster of this host'],
  ['postgres-status --skip walg_verify --timeout 10s', 'as JSON, in 10 seconds at most, without checking the WAL'],
  ['postgres-status --check', 'a plugin for Nagios or Icinga'],
  [
    'postgres-status --format prometheus --output /var/lib/metrics/postgres.prom',
    "metrics for node_exporter's textfile collector",
  ],
  ['postgres-status --input status.json --format report', 'a report on a saved document'],
  ['postgres-status --configmap', 'publish, if this node is the leader'],
  ['* * * * * postgres run-one timeout 1m postgres-status --configmap --quiet', 'every minute, in /etc/cron.d'],
];

export const EXIT_STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'everything was collected and delivered, or this is a replica that leaves publishing to its leader'],
  ['1', 'the document was delivered, but a collector failed or ran out of time'],
  ['2', 'usage or configuration error: nothing ran'],
  ['3', 'the document could not be delivered everywhere it was asked to go'],
  ['0 to 3', 'with --check: OK, WARNING, CRITICAL, UNKNOWN; every other failure is 3'],
  ['128+n', 'ended by signal n, with every program that it had started'],
];
