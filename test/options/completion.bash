# bash completion for postgres-status
_postgres_status() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  if [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $current == = ]]; then current=; fi
  case $previous in
    --env) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --patroni-url) COMPREPLY=() ;;
    --leader-api) COMPREPLY=($(compgen -W 'auto never' -- "$current")) ;;
    --patroni-ca-cert) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --patroni-cert) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --patroni-key) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --timeout) COMPREPLY=() ;;
    --collect) COMPREPLY=($(compgen -W 'patroni walg_backups walg_verify' -- "$current")) ;;
    --skip) COMPREPLY=($(compgen -W 'patroni walg_backups walg_verify' -- "$current")) ;;
    --wal-g) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --scope) COMPREPLY=() ;;
    --state) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --verify-every) COMPREPLY=() ;;
    --input) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --now) COMPREPLY=() ;;
    --from) COMPREPLY=() ;;
    -l|--selector) COMPREPLY=() ;;
    --request-timeout) COMPREPLY=() ;;
    --config) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --lag-max) COMPREPLY=() ;;
    --replay-lag-max) COMPREPLY=() ;;
    --members-min) COMPREPLY=() ;;
    --standby-age-max) COMPREPLY=() ;;
    --ignore-standbys) COMPREPLY=() ;;
    --backup-max-age) COMPREPLY=() ;;
    --missed-backups) COMPREPLY=($(compgen -W 'warn ignore' -- "$current")) ;;
    --wal-delay-max) COMPREPLY=() ;;
    --wal-age-max) COMPREPLY=() ;;
    --recovery-window) COMPREPLY=() ;;
    --failovers-max) COMPREPLY=() ;;
    --publish-from) COMPREPLY=($(compgen -W 'leader any' -- "$current")) ;;
    --pushgateway) COMPREPLY=() ;;
    --pushgateway-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --ping) COMPREPLY=() ;;
    --ping-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    -n|--namespace) COMPREPLY=() ;;
    --context) COMPREPLY=() ;;
    --kubeconfig) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --kubectl) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --format) COMPREPLY=($(compgen -W 'json yaml report prometheus nagios zabbix zabbix-sender' -- "$current")) ;;
    --details) COMPREPLY=() ;;
    --output) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    --metrics-compat) COMPREPLY=($(compgen -W 'walg' -- "$current")) ;;
    --color) COMPREPLY=($(compgen -W 'always never auto' -- "$current")) ;;
    --completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current")) ;;
    *) COMPREPLY=($(compgen -W '--env --patroni-url --leader-api --patroni-ca-cert --patroni-cert --patroni-key --patroni-insecure --timeout --collect --skip --wal-g --scope --state --verify-every --input --now --from -A --all-namespaces -l --selector --all-contexts --request-timeout --check --config --lag-max --replay-lag-max --members-min --standby-age-max --ignore-standbys --backup-max-age --missed-backups --wal-delay-max --wal-age-max --recovery-window --failovers-max --configmap --no-labels --publish-from --pushgateway --pushgateway-file --ping --ping-file -n --namespace --context --kubeconfig --kubectl --format --details --output --metrics-compat --color --quiet --verbose --doctor --schema --completion -V --version -h --help' -- "$current")) ;;
  esac
}
complete -F _postgres_status postgres-status
