#compdef postgres-status
_arguments -S \
  '--env=[the WAL-G environment\: a directory with one file per variable (envdir, mounted Secret or ConfigMap), or a file of KEY=VALUE lines]:file:_files' \
  '--patroni-url=[Patroni'\''s REST API; with the URLs of several members, each is asked for its own state, and the best informed one for that of the cluster; the first one is this node, which publishes if it is the leader]:value: ' \
  '--leader-api=[auto\: if the node that was asked is not the leader, also ask the leader for its /patroni, at its api_url in /cluster; never\: do not, for instance because the addresses of the members cannot be reached from here]:value:(auto never)' \
  '--patroni-ca-cert=[the CA of Patroni'\''s certificate]:file:_files' \
  '--patroni-cert=[a client certificate for Patroni]:file:_files' \
  '--patroni-key=[the key of that certificate; its passphrase, if it has one, is $PATRONI_CTL_KEYFILE_PASSWORD]:file:_files' \
  '--patroni-insecure[do not verify Patroni'\''s certificate; with a client certificate only its host name is not verified, as in patronictl]' \
  '--timeout=[the time limit of the whole run; a fifth of it, 10s at most, is reserved for delivery]:value: ' \
  '--collect=[run only these collectors\: patroni, walg_backups, walg_verify, separated by commas]:value:(patroni walg_backups walg_verify)' \
  '--skip=[do not run these collectors]:value:(patroni walg_backups walg_verify)' \
  '--wal-g=[the wal-g program]:file:_files' \
  '--scope=[the name of the cluster in reports and metrics; set it if the name must not change while Patroni is down]:value: ' \
  '--state=[keep the document and the WAL positions in this file for the next run on this node, which then knows since when each check has had its status, how many members there were, and the name of the cluster while Patroni is down]:file:_files' \
  '--verify-every=[let WAL-G verify the WAL, for which it lists the whole bucket, only if the last result is older than this, or the leader, its timeline, the newest backup or the WAL-G environment has changed; in between its result is shown with its time, and one wal-g st stat (3.0.9 or newer) tells whether the archiver is behind; needs --state]:value: ' \
  '--input=[read a saved document from this file, or from stdin (-), instead of collecting; it is judged again and shown in any format; several files are shown as a list of clusters]:file:_files' \
  '--now=[judge the documents of --input or --from as of this time (ISO 8601)]:value: ' \
  '--from=[read published documents from Kubernetes instead of collecting, and judge them again\: configmap/NAME, or configmaps for every status-postgres-* and status-citus-* in the namespaces with the label ossobv/zabbix-agent-osso.k8s-patroni=true]:value: ' \
  '-A[with --from configmaps\: of all namespaces, labelled or not]' \
  '--all-namespaces[with --from configmaps\: of all namespaces, labelled or not]' \
  '-l[with --from configmaps\: those with these labels, whatever their names, such as app.kubernetes.io/name=postgres-status]:value: ' \
  '--selector=[with --from configmaps\: those with these labels, whatever their names, such as app.kubernetes.io/name=postgres-status]:value: ' \
  '--all-contexts[with --from\: read from every context of the kubeconfig, in parallel]' \
  '--request-timeout=[with --from\: how long an API server may send nothing before its context is given up and shown as a row with the error; a long list that keeps arriving may take until --timeout]:value: ' \
  '--check[act as a monitoring plugin\: exit with 0 OK, 1 WARNING, 2 CRITICAL or 3 UNKNOWN, and print the nagios format unless --format is given]' \
  '--config=[a YAML file of thresholds\: lag_max, replay_lag_max, members_min, standby_age_max, ignore_standbys, backup_max_age, missed_backups, wal_delay_max, wal_age_max, recovery_window, failovers_max]:file:_files' \
  '--lag-max=[warn if a replica is further behind than this]:value: ' \
  '--replay-lag-max=[warn if a replica is further behind than this in replaying WAL (reported by Patroni 4.1 and newer)]:value: ' \
  '--members-min=[warn if there are fewer members than this, instead of comparing with earlier members]:value: ' \
  '--standby-age-max=[how old the last transaction of a standby cluster may be while it does not stream, before it is critical]:value: ' \
  '--ignore-standbys=[do not mention these standbys, which stream without being members\: patterns of their application_name, with * for any characters, separated by commas]:value: ' \
  '--backup-max-age=[the maximum age of the newest backup, for warning and critical; if it is set, missed backups are not detected from the usual interval]:value: ' \
  '--missed-backups=[warn\: warn if no backup was made for one and a half times the usual interval, provided that the intervals are regular; ignore\: do not]:value:(warn ignore)' \
  '--wal-delay-max=[how many WAL segments the archiver may be behind, for warning and critical]:value: ' \
  '--wal-age-max=[warn if WAL has not been archived for longer than this; needs --state, which records when a run first saw the WAL]:value: ' \
  '--recovery-window=[how far back every point in time must be restorable\: a gap within this time is a warning, and critical if nothing after it can be restored; older gaps are only mentioned]:value: ' \
  '--failovers-max=[warn if there are more failovers and switchovers than this in 24 hours]:value: ' \
  '--configmap[publish\: write the document to data.status of this ConfigMap, which must exist; without a name, of status-$STATUS_NAME]' \
  '--no-labels[write only the document; otherwise the ConfigMap also gets the labels app.kubernetes.io/name=postgres-status, postgres-status/health, postgres-status/leader and postgres-status/updated (epoch seconds); its other labels are kept]' \
  '--publish-from=[leader\: only the leader collects and publishes, pushes or pings, a replica does nothing; any\: every node does]:value:(leader any)' \
  '--pushgateway=[push the metrics to the Prometheus Pushgateway at this base URL, where they replace those of the last push in the group of job postgres-status and this scope; the URL may have a user name and password in the variable or the file, not on the command line]:value: ' \
  '--pushgateway-file=[the file that contains the URL of the Pushgateway]:file:_files' \
  '--ping=[call this URL of a dead-man service (GET) when everything is delivered, with /fail after its path if this run ends with exit status 1 or 3, or would without --check; a failed ping is reported and does not change the exit status. The URL is a secret\: prefer the variable or the file]:value: ' \
  '--ping-file=[the file that contains the URL of the dead-man service]:file:_files' \
  '-n[the namespace of the ConfigMaps to write or to read]:value: ' \
  '--namespace=[the namespace of the ConfigMaps to write or to read]:value: ' \
  '--context=[the context of the kubeconfig; with --from, several are read in parallel]:value: ' \
  '--kubeconfig=[the kubeconfig]:file:_files' \
  '--kubectl=[the kubectl program]:file:_files' \
  '--format=[json, yaml, report, prometheus, nagios, zabbix or zabbix-sender; what is published is always JSON; zabbix (for a UserParameter) and zabbix-sender (for zabbix_sender -i -) print nothing on stderr unless --verbose is given]:value:(json yaml report prometheus nagios zabbix zabbix-sender)' \
  '--details=[with --format report and several clusters\: below the table, the full report of the cluster with this name or origin (file, namespace)]:value: ' \
  '--output=[write to this file instead of stdout, whole or not at all]:file:_files' \
  '--metrics-compat=[walg\: with --format prometheus, add the metrics of WAL-G'\''s own exporter under their own names]:value:(walg)' \
  '--color=[colour the report\: always, never, or auto (on a terminal, unless $NO_COLOR is set)]:value:(always never auto)' \
  '--quiet[print only failures, one line each on stderr\: for cron]' \
  '--verbose[print each request and its duration on stderr]' \
  '--doctor[check this set-up instead of running, and say what to fix\: add it to the options of a run; prints text, or JSON with --format json; exits with 1 if a check failed, else with 0]' \
  '--schema[print the JSON Schema of the document]' \
  '--completion=[print the completions for a shell\: bash, zsh, fish]:value:(bash zsh fish)' \
  '-V[print the version]' \
  '--version[print the version]' \
  '-h[print this help]' \
  '--help[print this help]'
