import { collectorNames } from '../collectors/index.ts';
import { formatNames } from '../formats/index.ts';
import { missedBackups } from '../health/missed-backups.ts';
import { defaultThresholds } from '../health/thresholds.ts';

/** The headings of --help, in their order. */
export const groups = ['Collecting', 'Reading', 'Judging', 'Publishing', 'Kubernetes', 'Output'] as const;

/** The shells that --completion knows. */
export const shellNames = ['bash', 'zsh', 'fish'] as const;

/**
 * The one definition of an option: the command line, --help, the manual page, the completions, src/options/README.md and the settings
 * come from it.
 */
export interface OptionDefinition {
  /** In commander's notation. */
  flags: string;
  group: (typeof groups)[number];
  description: string;
  /** The permitted values. */
  choices?: readonly string[];
  /** The value if neither the option nor its variable is set. */
  default?: string;
  /** Describes the default if it is not a fixed value. */
  fallback?: string;
}

const { walDelayMax } = defaultThresholds;

export const definitions = {
  env: {
    flags: '--env <path>',
    group: 'Collecting',
    description:
      'the WAL-G environment: a directory with one file per variable (envdir, mounted Secret or ConfigMap), or a file of KEY=VALUE lines',
    fallback: "/etc/wal-g.d/env, else Spilo's /run/etc/wal-e.d/env, else only the process environment",
  },
  patroniUrl: {
    flags: '--patroni-url <url...>',
    group: 'Collecting',
    description:
      "Patroni's REST API; with the URLs of several members, each is asked for its own state, and the best informed one for that of the cluster; the first one is this node, which publishes if it is the leader",
    default: 'http://localhost:8008',
  },
  leaderApi: {
    flags: '--leader-api <when>',
    group: 'Collecting',
    description:
      'auto: if the node that was asked is not the leader, also ask the leader for its /patroni, at its api_url in /cluster; never: do not, for instance because the addresses of the members cannot be reached from here',
    choices: ['auto', 'never'],
    default: 'auto',
  },
  patroniCaCert: {
    flags: '--patroni-ca-cert <file>',
    group: 'Collecting',
    description: "the CA of Patroni's certificate",
    fallback: '$PATRONI_CTL_CACERT, else $PATRONI_RESTAPI_CAFILE, else the usual CAs',
  },
  patroniCert: {
    flags: '--patroni-cert <file>',
    group: 'Collecting',
    description: 'a client certificate for Patroni',
    fallback: '$PATRONI_CTL_CERTFILE',
  },
  patroniKey: {
    flags: '--patroni-key <file>',
    group: 'Collecting',
    description: 'the key of that certificate; its passphrase, if it has one, is $PATRONI_CTL_KEYFILE_PASSWORD',
    fallback: "$PATRONI_CTL_KEYFILE, else in the certificate's file",
  },
  patroniInsecure: {
    flags: '--patroni-insecure',
    group: 'Collecting',
    description:
      "do not verify Patroni's certificate; with a client certificate only its host name is not verified, as in patronictl",
    fallback: '$PATRONI_CTL_INSECURE',
  },
  timeout: {
    flags: '--timeout <duration>',
    group: 'Collecting',
    description: 'the time limit of the whole run; a fifth of it, 10s at most, is reserved for delivery',
    default: '50s',
  },
  collect: {
    flags: '--collect <names>',
    group: 'Collecting',
    description: `run only these collectors: ${collectorNames.join(', ')}, separated by commas`,
    choices: collectorNames,
    fallback: 'all',
  },
  skip: {
    flags: '--skip <names>',
    group: 'Collecting',
    description: 'do not run these collectors',
    choices: collectorNames,
  },
  walG: {
    flags: '--wal-g <path>',
    group: 'Collecting',
    description: 'the wal-g program',
    fallback: 'the one on PATH, else in the usual places',
  },
  scope: {
    flags: '--scope <name>',
    group: 'Collecting',
    description:
      'the name of the cluster in reports and metrics; set it if the name must not change while Patroni is down',
    fallback: "the scope according to Patroni, else $STATUS_NAME, else host and port of Patroni's URL",
  },
  state: {
    flags: '--state <file>',
    group: 'Collecting',
    description:
      'keep the document and the WAL positions in this file for the next run on this node, which then knows since when each check has had its status, how many members there were, and the name of the cluster while Patroni is down',
    fallback: 'no state is kept',
  },
  verifyEvery: {
    flags: '--verify-every <duration>',
    group: 'Collecting',
    description:
      'let WAL-G verify the WAL, for which it lists the whole bucket, only if the last result is older than this, or the leader, its timeline, the newest backup or the WAL-G environment has changed; in between its result is shown with its time, and one wal-g st stat (3.0.9 or newer) tells whether the archiver is behind; needs --state',
    fallback: 'verify in every run',
  },
  input: {
    flags: '--input <file...>',
    group: 'Reading',
    description:
      'read a saved document from this file, or from stdin (-), instead of collecting; it is judged again and shown in any format; several files are shown as a list of clusters',
    fallback: 'collect',
  },
  now: {
    flags: '--now <time>',
    group: 'Reading',
    description: 'judge the documents of --input or --from as of this time (ISO 8601)',
    fallback: 'the current time',
  },
  from: {
    flags: '--from <what>',
    group: 'Reading',
    description:
      'read published documents from Kubernetes instead of collecting, and judge them again: configmap/NAME, or configmaps for every status-postgres-* and status-citus-* in the namespaces with the label ossobv/zabbix-agent-osso.k8s-patroni=true',
    fallback: 'collect; as the kubectl plugin kubectl-postgres_status, the configmaps of the namespace of the context',
  },
  allNamespaces: {
    flags: '-A, --all-namespaces',
    group: 'Reading',
    description: 'with --from configmaps: of all namespaces, labelled or not',
  },
  selector: {
    flags: '-l, --selector <labels>',
    group: 'Reading',
    description:
      'with --from configmaps: those with these labels, whatever their names, such as app.kubernetes.io/name=postgres-status',
    fallback: 'by name',
  },
  allContexts: {
    flags: '--all-contexts',
    group: 'Reading',
    description: 'with --from: read from every context of the kubeconfig, in parallel',
  },
  requestTimeout: {
    flags: '--request-timeout <duration>',
    group: 'Reading',
    description:
      'with --from: how long an API server may send nothing before its context is given up and shown as a row with the error; a long list that keeps arriving may take until --timeout',
    default: '2s',
  },
  check: {
    flags: '--check',
    group: 'Judging',
    description:
      'act as a monitoring plugin: exit with 0 OK, 1 WARNING, 2 CRITICAL or 3 UNKNOWN, and print the nagios format unless --format is given',
  },
  config: {
    flags: '--config <file>',
    group: 'Judging',
    description:
      'a YAML file of thresholds: lag_max, replay_lag_max, members_min, standby_age_max, ignore_standbys, backup_max_age, missed_backups, wal_delay_max, wal_age_max, recovery_window, failovers_max',
    fallback: 'none',
  },
  lagMax: {
    flags: '--lag-max <size>',
    group: 'Judging',
    description: 'warn if a replica is further behind than this',
    fallback: "the cluster's maximum_lag_on_failover, else 1MiB",
  },
  replayLagMax: {
    flags: '--replay-lag-max <size>',
    group: 'Judging',
    description: 'warn if a replica is further behind than this in replaying WAL (reported by Patroni 4.1 and newer)',
    fallback: '10MiB',
  },
  membersMin: {
    flags: '--members-min <number>',
    group: 'Judging',
    description: 'warn if there are fewer members than this, instead of comparing with earlier members',
    fallback: 'warn if a leader of the last 72h is no longer listed, or there are fewer members than --state remembers',
  },
  standbyAgeMax: {
    flags: '--standby-age-max <duration>',
    group: 'Judging',
    description:
      'how old the last transaction of a standby cluster may be while it does not stream, before it is critical',
    fallback: '1h',
  },
  ignoreStandbys: {
    flags: '--ignore-standbys <patterns>',
    group: 'Judging',
    description:
      'do not mention these standbys, which stream without being members: patterns of their application_name, with * for any characters, separated by commas',
    fallback: 'none',
  },
  backupMaxAge: {
    flags: '--backup-max-age <warn[,crit]>',
    group: 'Judging',
    description:
      'the maximum age of the newest backup, for warning and critical; if it is set, missed backups are not detected from the usual interval',
    fallback: 'no warning, critical after 8d',
  },
  missedBackups: {
    flags: '--missed-backups <what>',
    group: 'Judging',
    description:
      'warn: warn if no backup was made for one and a half times the usual interval, provided that the intervals are regular; ignore: do not',
    choices: missedBackups,
    default: 'warn',
  },
  walDelayMax: {
    flags: '--wal-delay-max <warn[,crit]>',
    group: 'Judging',
    description: 'how many WAL segments the archiver may be behind, for warning and critical',
    fallback: `${walDelayMax.warning},${walDelayMax.critical}`,
  },
  walAgeMax: {
    flags: '--wal-age-max <duration>',
    group: 'Judging',
    description:
      'warn if WAL has not been archived for longer than this; needs --state, which records when a run first saw the WAL',
    fallback: '3 times archive_timeout, 15m at least; 1h if archive_timeout is 0 or not known',
  },
  recoveryWindow: {
    flags: '--recovery-window <duration>',
    group: 'Judging',
    description:
      'how far back every point in time must be restorable: a gap within this time is a warning, and critical if nothing after it can be restored; older gaps are only mentioned',
    fallback: 'none is wanted',
  },
  failoversMax: {
    flags: '--failovers-max <number>',
    group: 'Judging',
    description: 'warn if there are more failovers and switchovers than this in 24 hours',
    fallback: 'no limit',
  },
  configmap: {
    flags: '--configmap [name]',
    group: 'Publishing',
    description:
      'publish: write the document to data.status of this ConfigMap, which must exist; without a name, of status-$STATUS_NAME',
    fallback: 'do not publish',
  },
  noLabels: {
    flags: '--no-labels',
    group: 'Publishing',
    description:
      'write only the document; otherwise the ConfigMap also gets the labels app.kubernetes.io/name=postgres-status, postgres-status/health, postgres-status/leader and postgres-status/updated (epoch seconds); its other labels are kept',
    fallback: 'set the labels',
  },
  publishFrom: {
    flags: '--publish-from <who>',
    group: 'Publishing',
    description:
      'leader: only the leader collects and publishes, pushes or pings, a replica does nothing; any: every node does',
    choices: ['leader', 'any'],
    default: 'leader',
  },
  pushgateway: {
    flags: '--pushgateway <url>',
    group: 'Publishing',
    description:
      'push the metrics to the Prometheus Pushgateway at this base URL, where they replace those of the last push in the group of job postgres-status and this scope; the URL may have a user name and password in the variable or the file, not on the command line',
    fallback: 'do not push',
  },
  pushgatewayFile: {
    flags: '--pushgateway-file <file>',
    group: 'Publishing',
    description: 'the file that contains the URL of the Pushgateway',
    fallback: 'none',
  },
  ping: {
    flags: '--ping <url>',
    group: 'Publishing',
    description:
      'call this URL of a dead-man service (GET) when everything is delivered, with /fail after its path if this run ends with exit status 1 or 3, or would without --check; a failed ping is reported and does not change the exit status. The URL is a secret: prefer the variable or the file',
    fallback: 'do not ping',
  },
  pingFile: {
    flags: '--ping-file <file>',
    group: 'Publishing',
    description: 'the file that contains the URL of the dead-man service',
    fallback: 'none',
  },
  namespace: {
    flags: '-n, --namespace <name>',
    group: 'Kubernetes',
    description: 'the namespace of the ConfigMaps to write or to read',
    fallback: "$POD_NAMESPACE, else the service account's, else kubectl's own; with --from configmaps: see there",
  },
  context: {
    flags: '--context <name...>',
    group: 'Kubernetes',
    description: 'the context of the kubeconfig; with --from, several are read in parallel',
    fallback: "kubectl's own",
  },
  kubeconfig: {
    flags: '--kubeconfig <file>',
    group: 'Kubernetes',
    description: 'the kubeconfig',
    fallback: "kubectl's own",
  },
  kubectl: {
    flags: '--kubectl <path>',
    group: 'Kubernetes',
    description: 'the kubectl program',
    fallback: 'the one on PATH, else in the usual places',
  },
  format: {
    flags: '--format <name>',
    group: 'Output',
    description: `${formatNames.slice(0, -1).join(', ')} or ${String(formatNames.at(-1))}; what is published is always JSON; zabbix (for a UserParameter) and zabbix-sender (for zabbix_sender -i -) print nothing on stderr unless --verbose is given`,
    choices: formatNames,
    fallback: 'json, with --check nagios',
  },
  details: {
    flags: '--details <cluster>',
    group: 'Output',
    description:
      'with --format report and several clusters: below the table, the full report of the cluster with this name or origin (file, namespace)',
    fallback: 'only the table',
  },
  output: {
    flags: '--output <file>',
    group: 'Output',
    description: 'write to this file instead of stdout, whole or not at all',
    fallback: 'stdout',
  },
  metricsCompat: {
    flags: '--metrics-compat <name>',
    group: 'Output',
    description: "walg: with --format prometheus, add the metrics of WAL-G's own exporter under their own names",
    choices: ['walg'],
    fallback: 'none',
  },
  color: {
    flags: '--color <when>',
    group: 'Output',
    description: 'colour the report: always, never, or auto (on a terminal, unless $NO_COLOR is set)',
    choices: ['always', 'never', 'auto'],
    default: 'auto',
  },
  quiet: {
    flags: '--quiet',
    group: 'Output',
    description: 'print only failures, one line each on stderr: for cron',
  },
  verbose: { flags: '--verbose', group: 'Output', description: 'print each request and its duration on stderr' },
} as const satisfies Record<string, OptionDefinition>;

export type OptionName = keyof typeof definitions;

/** Options that do something else than a run; they have no variables. */
export const others = {
  doctor: {
    flags: '--doctor',
    description:
      'check this set-up instead of running, and say what to fix: add it to the options of a run; prints text, or JSON with --format json; exits with 1 if a check failed, else with 0',
  },
  schema: { flags: '--schema', description: 'print the JSON Schema of the document' },
  completion: {
    flags: '--completion <shell>',
    description: `print the completions for a shell: ${shellNames.join(', ')}`,
    choices: shellNames,
  },
  version: { flags: '-V, --version', description: 'print the version' },
  help: { flags: '-h, --help', description: 'print this help' },
} as const satisfies Record<string, Pick<OptionDefinition, 'flags' | 'description' | 'choices'>>;

/** All options, in the order of --help. */
export const optionList: readonly (OptionDefinition & { name: OptionName })[] = Object.entries<OptionDefinition>(
  definitions,
).map(([name, definition]) => ({ name: name as OptionName, ...definition }));

/** The default, for documentation. */
export function defaultInWords({ default: value, fallback }: OptionDefinition): string | undefined {
  return fallback ?? value;
}

/** `--patroni-url`. */
export function longFlag(option: OptionName): string {
  return /--[a-z-]+/.exec(definitions[option].flags)?.[0] ?? option;
}

/** The variable of an option: `--patroni-url` has POSTGRES_STATUS_PATRONI_URL. */
export function variableName(option: OptionName): string {
  return `POSTGRES_STATUS_${longFlag(option).slice(2).replaceAll('-', '_').toUpperCase()}`;
}
