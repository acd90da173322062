/** The headings of the help, in their order. */
export const groups = ['Collecting', 'Judging', 'Publishing', 'Output'] as const;

/** Everything that is said about an option, once: the command, its help and its variable come from it. */
export interface OptionDefinition {
  /** As commander reads them. */
  flags: string;
  group: (typeof groups)[number];
  description: string;
  /** The default in words, for the help. */
  fallback?: string;
}

export const definitions = {
  env: {
    flags: '--env <path>',
    group: 'Collecting',
    description:
      'the WAL-G environment: a directory of one file per variable (envdir, mounted Secret or ConfigMap) or a file of KEY=VALUE lines',
    fallback: "/etc/wal-g.d/env, else Spilo's /run/etc/wal-e.d/env, else the process environment alone",
  },
  patroniUrl: {
    flags: '--patroni-url <url...>',
    group: 'Collecting',
    description: "Patroni's REST API; several are tried in order until one answers",
    fallback: 'http://localhost:8008',
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
    description: 'the whole run ends within this time; a fifth of it, 10s at most, is kept back for delivery',
    fallback: '50s',
  },
  collect: {
    flags: '--collect <names>',
    group: 'Collecting',
    description: 'run only these collectors: patroni, walg_backups, walg_verify, separated by commas',
    fallback: 'all',
  },
  skip: { flags: '--skip <names>', group: 'Collecting', description: 'do not run these collectors' },
  walG: {
    flags: '--wal-g <path>',
    group: 'Collecting',
    description: 'the wal-g program',
    fallback: 'the one on PATH, else in the usual places',
  },
  input: {
    flags: '--input <file>',
    group: 'Collecting',
    description:
      'read a saved document from this file, or from stdin (-), instead of collecting: judge it anew and show it in any format',
    fallback: 'collect',
  },
  now: {
    flags: '--now <time>',
    group: 'Collecting',
    description: 'judge the document of --input as of this time, in ISO 8601',
    fallback: 'the time of the clock',
  },
  check: {
    flags: '--check',
    group: 'Judging',
    description:
      'be a monitoring plugin: exit with 0 OK, 1 WARNING, 2 CRITICAL or 3 UNKNOWN, and print in the nagios format unless another is asked for',
  },
  config: {
    flags: '--config <file>',
    group: 'Judging',
    description: 'a YAML file of thresholds: lag_max, backup_max_age, wal_delay_max, failovers_max',
    fallback: 'none',
  },
  lagMax: {
    flags: '--lag-max <size>',
    group: 'Judging',
    description: 'warn of a replica that is further behind',
    fallback: "the cluster's maximum_lag_on_failover, else 1MiB",
  },
  backupMaxAge: {
    flags: '--backup-max-age <warn[,crit]>',
    group: 'Judging',
    description:
      'how old the newest backup may be, for a warning and before it is critical; one that was missed is noticed by their rhythm anyway',
    fallback: 'no warning, critical after 8d',
  },
  walDelayMax: {
    flags: '--wal-delay-max <warn[,crit]>',
    group: 'Judging',
    description: 'how many WAL segments the archiver may be behind, for a warning and before it is critical',
    fallback: '16,256',
  },
  failoversMax: {
    flags: '--failovers-max <number>',
    group: 'Judging',
    description: 'warn of more failovers and switchovers in 24 hours',
    fallback: 'any number',
  },
  configmap: {
    flags: '--configmap [name]',
    group: 'Publishing',
    description:
      'publish: write the document to data.status of this ConfigMap, which must exist; its name is status-$STATUS_NAME where none is given',
    fallback: 'do not publish',
  },
  namespace: {
    flags: '--namespace <name>',
    group: 'Publishing',
    description: 'the namespace of the ConfigMap',
    fallback: "$POD_NAMESPACE, else the service account's, else kubectl's own",
  },
  context: {
    flags: '--context <name>',
    group: 'Publishing',
    description: 'the context of the kubeconfig',
    fallback: "kubectl's own",
  },
  kubeconfig: {
    flags: '--kubeconfig <file>',
    group: 'Publishing',
    description: 'the kubeconfig',
    fallback: "kubectl's own",
  },
  publishFrom: {
    flags: '--publish-from <who>',
    group: 'Publishing',
    description: 'leader: a replica leaves publishing to its leader and collects nothing; any: every node publishes',
    fallback: 'leader',
  },
  kubectl: {
    flags: '--kubectl <path>',
    group: 'Publishing',
    description: 'the kubectl program',
    fallback: 'the one on PATH, else in the usual places',
  },
  format: {
    flags: '--format <name>',
    group: 'Output',
    description: 'json, yaml, report, prometheus or nagios; what is published is always JSON',
    fallback: 'json, with --check nagios',
  },
  output: {
    flags: '--output <file>',
    group: 'Output',
    description: 'write to this file instead of stdout: whole or not at all',
    fallback: 'stdout',
  },
  metricsCompat: {
    flags: '--metrics-compat <name>',
    group: 'Output',
    description: "walg: with --format prometheus, add the names of WAL-G's own exporter",
    fallback: 'none',
  },
  color: {
    flags: '--color <when>',
    group: 'Output',
    description: 'always, never or auto: colour the report on a terminal, unless $NO_COLOR is set',
    fallback: 'auto',
  },
  quiet: {
    flags: '--quiet',
    group: 'Output',
    description: 'print only what failed, one line each on stderr: for cron',
  },
  verbose: { flags: '--verbose', group: 'Output', description: 'say on stderr what is asked, and how long it takes' },
} as const satisfies Record<string, OptionDefinition>;

export type OptionName = keyof typeof definitions;

/** The variable that stands for an option: `--patroni-url` is POSTGRES_STATUS_PATRONI_URL. */
export function variableName(option: OptionName): string {
  const long = /--([a-z-]+)/.exec(definitions[option].flags)?.[1] ?? option;
  return `POSTGRES_STATUS_${long.replaceAll('-', '_').toUpperCase()}`;
}
