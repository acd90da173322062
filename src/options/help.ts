/** The texts of --help and the manual page besides the options. */

export const PURPOSE =
  'Asks Patroni and WAL-G, once and within a fixed time, what state a PostgreSQL cluster and its backups are in, judges it, and prints one JSON document, a report for people, or what a monitoring system reads.';

export const PRECEDENCE =
  'A variable may stand in the WAL-G environment or in the process environment (that of --env in the latter alone). A flag counts first, then the WAL-G environment, then the process environment, then the default. STATUS_NAME and POD_NAMESPACE are looked up in the same way. An empty variable counts as not set.';

/** Commands and what they do. */
export const EXAMPLES: readonly (readonly [command: string, what: string])[] = [
  ['postgres-status --format report', 'look at the cluster of this host'],
  ['postgres-status --skip walg_verify --timeout 10s', 'all that is known, as JSON, in a hurry'],
  ['postgres-status --check', 'be a plugin for Nagios or Icinga'],
  [
    'postgres-status --format prometheus --output /var/lib/metrics/postgres.prom',
    "metrics for node_exporter's textfile collector",
  ],
  ['postgres-status --input status.json --format report', 'look at a document that was saved'],
  ['postgres-status --configmap', 'publish, if this is the leader'],
  ['* * * * * postgres run-one timeout 1m postgres-status --configmap --quiet', 'every minute, in /etc/cron.d'],
];

export const EXIT_STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'everything was collected and delivered, or this is a replica that leaves publishing to its leader'],
  ['1', 'the document was delivered, but a collector failed or ran out of time'],
  ['2', 'usage or configuration error: nothing ran'],
  ['3', 'the document could not be delivered everywhere it was asked to go'],
  ['0 to 3', 'with --check: OK, WARNING, CRITICAL, UNKNOWN; whatever goes wrong is 3'],
  ['128+n', 'ended by signal n, with every program that it had started'],
];
