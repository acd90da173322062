/** The texts of --help and the manual page besides the options. */

export const PURPOSE =
  'Asks Patroni and WAL-G once, within a fixed time, for the state of a PostgreSQL cluster and its backups, judges it, and prints one JSON document, a report for people, or the format of a monitoring system.';

export const PRECEDENCE =
  'A variable may be set in the WAL-G environment or in the process environment (that of --env only in the latter). An option overrides the WAL-G environment, which overrides the process environment, which overrides the default. STATUS_NAME and POD_NAMESPACE are looked up in the same way. An empty variable counts as not set.';

/** What the report and `recovery` in the document say, one term after the other. */
export const RECOVERY: readonly (readonly [term: string, meaning: string])[] = [
  [
    'window',
    'a period in which every point in time can be restored: from the end of a backup to the next missing WAL segment, or to the newest one in the storage. Its from and to can be pasted as recovery_target_time; to is the latest time known to be inside, and to_at_most is when its last segment arrived. If nothing was committed after the target, PostgreSQL stops with "recovery ended before configured recovery target was reached": then restore without a target',
  ],
  ['gap', 'the period between two windows, or after the last one: no point in time in it can be restored'],
  [
    'safe up to',
    'everything committed until then is in the storage and survives the loss of all database hosts. With --state the earlier WAL positions of the leader are known, and so is this time, to the minute; without it, only backups and timeline switches show it. The arrival time of the newest segment is not used for it: an archiver that catches up at noon uploads the WAL of 11:00',
  ],
  [
    'from the storage alone',
    'while PostgreSQL and Patroni are down, or with --skip patroni on a host with only wal-g and its environment, the windows are derived from the names of the WAL segments in the storage (wal-show), along its highest timeline; what was written after the newest segment is not known',
  ],
];

/** What is sent over HTTP. */
export const PUSHING: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Pushgateway',
    'for runs whose metrics no scrape can reach, such as those of a CronJob. Each push (PUT) replaces the metrics of the group with the labels job="postgres-status" and scope; scrape the Pushgateway with honor_labels: true. It keeps what was pushed for ever, so alert on push_time_seconds (examples/alerts.rules.yaml), and delete the group of a cluster that is gone. Give --scope or --state, so that the group keeps its name while Patroni is down',
  ],
  [
    'dead-man service',
    'healthchecks.io, or your own: it raises an alarm if no ping arrives in time. The ping is the last thing that a run does. It says whether the run worked, not what the verdict is. A run that is ended by a signal or killed does not ping',
  ],
  [
    'which runs',
    'only those of the leader push and ping, as with --configmap: a replica, and a node that cannot determine its role, do neither. With --publish-from any every run does',
  ],
  [
    'connection',
    'HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the process environment apply. For a private CA set NODE_EXTRA_CA_CERTS. Redirects are not followed. Both end before the time limit of the run',
  ],
  [
    'secrets',
    'the command line is visible to every user of the host: put a URL with a password, and the URL of a ping, into the variable (in the WAL-G environment, for instance) or into a file that only this user can read. None of them appears in the output',
  ],
];

/** The labels of a published ConfigMap. */
export const LABELS: readonly (readonly [label: string, meaning: string])[] = [
  ['app.kubernetes.io/name', 'always postgres-status; kubectl get -l selects by it'],
  ['postgres-status/health', 'the verdict: ok, warning, unknown or critical; kubectl get -L shows it in a column'],
  [
    'postgres-status/leader',
    'the name of the leader, with _ for what a label must not contain; absent if there is none',
  ],
  [
    'postgres-status/updated',
    'when the document was collected, in epoch seconds. A label cannot age: if a publisher died, its labels stay as they are, and only a reader that compares this time, or the document, with its clock notices',
  ],
];

/** Commands and what they do. */
export const EXAMPLES: readonly (readonly [command: string, what: string])[] = [
  ['postgres-status --format report', 'a report on the cluster of this host'],
  ['postgres-status --configmap --doctor', 'what is wrong with the set-up for publishing, and what to do'],
  ['postgres-status --skip walg_verify --timeout 10s', 'as JSON, in 10 seconds at most, without checking the WAL'],
  ['postgres-status --check', 'a plugin for Nagios or Icinga'],
  [
    'postgres-status --format prometheus --output /var/lib/metrics/postgres.prom',
    "metrics for node_exporter's textfile collector",
  ],
  ['postgres-status --input status.json --format report', 'a report on a saved document'],
  ['postgres-status --from configmaps --all-contexts --format report', 'a fleet, from what its leaders published'],
  ['kubectl postgres-status -A', 'the same in one context, if it is installed as kubectl-postgres_status'],
  ['postgres-status --skip patroni --format report', 'what can be restored, on a host with nothing but wal-g'],
  ['postgres-status --configmap', 'publish, if this node is the leader'],
  ['postgres-status --publish-from any --pushgateway http://pushgateway:9091', 'push metrics, from wherever it runs'],
  [
    'kubectl get cm -A -l postgres-status/health -L postgres-status/health',
    'a table of all published verdicts, from labels, which cannot age',
  ],
  ['* * * * * postgres run-one timeout 1m postgres-status --configmap --quiet', 'every minute, in /etc/cron.d'],
];

export const EXIT_STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'everything was collected and delivered, or this is a replica that leaves publishing to its leader'],
  ['1', 'delivered, but a collector failed or ran out of time, or one of several documents could not be read'],
  ['2', 'usage or configuration error: nothing ran'],
  ['3', 'it could not be delivered everywhere it was asked to go, or nothing could be read'],
  ['0 to 3', 'with --check: OK, WARNING, CRITICAL, UNKNOWN; every other failure is 3'],
  ['0 or 1', 'with --doctor: 1 if a check failed; 0 if all is well or there are only warnings'],
  ['128+n', 'ended by signal n, with every program that it had started'],
];
