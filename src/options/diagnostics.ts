/** A message of the program, `…` where it varies, and what to do about it. */
export type Diagnostic = readonly [message: string, remedy: string];

/** For the manual page and src/options/README.md. A test finds each message in the sources. */
export const DIAGNOSTICS: readonly Diagnostic[] = [
  [
    'either Patroni is not running there, or its REST API listens elsewhere (--patroni-url)',
    'Start Patroni, or set --patroni-url to the address in restapi.listen of its configuration.',
  ],
  ['… Patroni cannot reach its DCS (see its log)', 'Repair etcd, Consul, ZooKeeper or the Kubernetes API.'],
  ['… if it uses TLS, it needs an https:// URL', 'Use https:// in --patroni-url.'],
  ['did not answer …', 'Patroni or its PostgreSQL hangs. If it is only slow, raise --timeout.'],
  [
    'the certificate is not trusted (…',
    'Set --patroni-ca-cert to the CA that signed the certificate; patronictl uses the same one.',
  ],
  ["HTTP … is this Patroni's REST API?", 'Another program listens there. Correct --patroni-url.'],
  [
    'either it is not running there, or it listens elsewhere (…',
    'Start the Pushgateway or the dead-man service, or correct its URL.',
  ],
  [
    'the Pushgateway rejects the metrics (HTTP 400): …',
    "The text after it is the Pushgateway's own. If another program pushes a metric of the same name, delete its group.",
  ],
  [
    'redirects are not followed: correct …',
    'Give the URL that it redirects to, or the address behind the proxy that redirects.',
  ],
  [
    'the ping to … failed: …',
    'The exit status is that of the run. The dead-man service raises its alarm if no later ping arrives.',
  ],
  [
    'it does not know the URL of --ping',
    'The check was deleted at the service, or the URL was mistyped: copy it from there again.',
  ],
  [
    'wal-g is neither on PATH nor in the usual places: install it or give --wal-g',
    'Install it. The document still has what Patroni reports.',
  ],
  [
    'wal-g … failed with exit status …',
    "The text after it is WAL-G's own first error. Repair the storage or correct the WAL-G environment.",
  ],
  [
    'did not finish within … and was terminated',
    'WAL-G needed more time than it had: either the storage does not answer, or there are very many WAL segments. Raise --timeout, or use --skip walg_verify.',
  ],
  [
    'wal-g backup-list printed nothing: either there is no backup, or WAL-G … cannot read the storage; WAL-G 2.0 or newer distinguishes the two',
    'Upgrade WAL-G.',
  ],
  ['this wal-g cannot verify the WAL: WAL-G 0.2.20 or newer is needed', 'Upgrade WAL-G, or use --skip walg_verify.'],
  [
    'the size of the WAL segments is not known, because no backup shows it: set WALG_PG_WAL_SIZE, in MB',
    'Take a backup, or set the variable in the WAL-G environment.',
  ],
  [
    'wal-g has to ask PostgreSQL, but its address is not known',
    'WAL-G before 3.0.8 connects to PostgreSQL: set PGHOST and PGPORT in its environment, or upgrade it.',
  ],
  [
    'asked the PostgreSQL on localhost:5432 instead: the answer is ignored',
    'Correct PGHOST and PGPORT in the WAL-G environment.',
  ],
  ['the WAL-G environment … does not exist', 'A path given with --env must exist.'],
  [
    'line … of … is neither KEY=VALUE nor a comment: correct it',
    'Either the path should be a directory, or a multi-line value is not quoted.',
  ],
  [
    'starts with neither postgres nor citus, so Zabbix would not find it',
    'Choose another STATUS_NAME, or give the full name of the ConfigMap: --configmap my-name.',
  ],
  ['--configmap needs a name: set STATUS_NAME', 'Set it in the WAL-G environment or the process environment.'],
  ['kubectl is neither on PATH nor in the usual places: install it or give --kubectl', 'Install it.'],
  [
    'publishing is left to the leader',
    'Not a failure: this node is a replica. With --publish-from any every node publishes.',
  ],
  [
    'not published: cannot determine whether this node is the leader: …',
    'Patroni gave no answer; the text after it says why.',
  ],
  [
    'not allowed to list namespaces; give -n and the name of one, or -A',
    'Give the account the verb list on namespaces (examples/kubernetes/reader-rbac.yaml), or name what to read.',
  ],
  [
    'not allowed; the role needs the verb "list" on configmaps',
    'Copy a role from examples/kubernetes/reader-rbac.yaml.',
  ],
  [
    'it has no data.status: nothing was published yet',
    'The ConfigMap was created, but no leader has published yet: check the runs on the database hosts.',
  ],
  ['it does not exist; create it once: kubectl create configmap …', 'Run the command that the message shows.'],
  [
    'not allowed; the role needs the verb "patch" on configmaps',
    'Copy the Role from examples/kubernetes/sidecar.yaml.',
  ],
  ['the API server rejects the credentials; has the token expired?', 'Renew the token or the kubeconfig.'],
  ['kubectl has no credentials, and asks for a password', 'Set --kubeconfig, or run with a service account.'],
  ['the API server cannot be reached', 'Check the network, and --context.'],
  [
    'kubectl did not finish in time and was terminated',
    'The API server does not answer, or its network drops packets.',
  ],
  ['--config … field "…" is not known', 'A threshold is misspelt: examples/thresholds.yaml has all of them.'],
  ['is not YAML', 'Correct the file of --config at the place that follows.'],
  [
    'this is not a status document',
    'The file of --input is something else; the message names the field that is not valid.',
  ],
  ['cannot be written: the folder … does not exist', 'Create the folder of --output.'],
  ['could not be written', 'The folder of --output is full or read-only, or this user may not write to it.'],
];
