#compdef postgres-status
_arguments -S \
  '--env=[the WAL-G environment\: a directory of one file per variable (envdir, mounted Secret or ConfigMap) or a file of KEY=VALUE lines]:file:_files' \
  '--patroni-url=[Patroni'\''s REST API; of several members all are asked for their own state, and the one that knows most for the cluster'\''s; the first decides who publishes]:value: ' \
  '--leader-api=[auto\: where the node that was asked does not lead, ask the leader for its /patroni, too, at its api_url in /cluster; never\: do not, for instance because the members'\'' addresses cannot be reached from here]:value:(auto never)' \
  '--patroni-ca-cert=[the CA of Patroni'\''s certificate]:file:_files' \
  '--patroni-cert=[a client certificate for Patroni]:file:_files' \
  '--patroni-key=[the key of that certificate; its passphrase, if it has one, is $PATRONI_CTL_KEYFILE_PASSWORD]:file:_files' \
  '--patroni-insecure[do not verify Patroni'\''s certificate; with a client certificate only its host name is not verified, as in patronictl]' \
  '--timeout=[the whole run ends within this time; a fifth of it, 10s at most, is kept back for delivery]:value: ' \
  '--collect=[run only these collectors\: patroni, walg_backups, walg_verify, separated by commas]:value:(patroni walg_backups walg_verify)' \
  '--skip=[do not run these collectors]:value:(patroni walg_backups walg_verify)' \
  '--wal-g=[the wal-g program]:file:_files' \
  '--input=[read a saved document from this file, or from stdin (-), instead of collecting\: judge it anew and show it in any format; of several files, all clusters side by side]:file:_files' \
  '--now=[judge the document of --input as of this time, in ISO 8601]:value: ' \
  '--scope=[what the cluster is called in reports and metrics; without it, while Patroni is down and cannot say, the name may change]:value: ' \
  '--state=[keep the document and where the WAL was in this file for the next run of this node\: since when each check has its status, how many members there were, and what the cluster is called while Patroni is down are known from it]:file:_files' \
  '--check[be a monitoring plugin\: exit with 0 OK, 1 WARNING, 2 CRITICAL or 3 UNKNOWN, and print in the nagios format unless another is asked for]' \
  '--config=[a YAML file of thresholds\: lag_max, replay_lag_max, members_min, standby_age_max, ignore_standbys, backup_max_age, missed_backups, wal_delay_max, wal_age_max, failovers_max]:file:_files' \
  '--lag-max=[warn of a replica that is further behind]:value: ' \
  '--replay-lag-max=[warn of a replica that is further behind in replaying WAL (Patroni 4.1 and newer tell)]:value: ' \
  '--members-min=[warn of fewer members; it alone decides then]:value: ' \
  '--standby-age-max=[how old the last transaction of a standby cluster may be while it does not stream, before it is critical]:value: ' \
  '--ignore-standbys=[say nothing about these that stream without being members, by their application_name, * for any characters, separated by commas]:value: ' \
  '--backup-max-age=[the age of the newest backup above which it is a warning, and above which it is critical; where it is set, missed backups are not guessed]:value: ' \
  '--missed-backups=[warn\: a backup later than one and a half times the usual interval, where the intervals are regular, is a warning; ignore\: it is not]:value:(warn ignore)' \
  '--wal-delay-max=[how many WAL segments the archiver may be behind, for a warning and before it is critical]:value: ' \
  '--wal-age-max=[warn when WAL is in no archive for longer; how long is known with --state alone, from the first run that saw it]:value: ' \
  '--failovers-max=[warn of more failovers and switchovers in 24 hours]:value: ' \
  '--configmap[publish\: write the document to data.status of this ConfigMap, which must exist; its name is status-$STATUS_NAME where none is given]' \
  '--namespace=[the namespace of the ConfigMap]:value: ' \
  '--context=[the context of the kubeconfig]:value: ' \
  '--kubeconfig=[the kubeconfig]:file:_files' \
  '--publish-from=[leader\: a replica leaves publishing to its leader and collects nothing; any\: every node publishes]:value:(leader any)' \
  '--kubectl=[the kubectl program]:file:_files' \
  '--format=[json, yaml, report, prometheus or nagios; what is published is always JSON]:value:(json yaml report prometheus nagios)' \
  '--output=[write to this file instead of stdout\: whole or not at all]:file:_files' \
  '--metrics-compat=[walg\: with --format prometheus, add the names of WAL-G'\''s own exporter]:value:(walg)' \
  '--color=[always, never or auto\: colour the report on a terminal, unless $NO_COLOR is set]:value:(always never auto)' \
  '--quiet[print only what failed, one line each on stderr\: for cron]' \
  '--verbose[say on stderr what is asked, and how long it takes]' \
  '--schema[show the JSON Schema of the document]' \
  '--completion=[show the completions for a shell\: bash, zsh, fish]:value:(bash zsh fish)' \
  '-V[show the version]' \
  '--version[show the version]' \
  '-h[show the help]' \
  '--help[show the help]'
