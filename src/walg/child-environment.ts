import { isSecretName } from '../text/secret-names.ts';

/** They would make a probe open a port, report to statsd as if it were a backup, or write profiles (src/walg/README.md). */
const SIDE_EFFECTS = ['HTTP_LISTEN', 'WALG_STATSD_ADDRESS', 'PROFILE_MODE', 'PROFILE_PATH'];

/** Patroni's passwords are no business of WAL-G's. */
function isPatroniSecret(name: string): boolean {
  return name.startsWith('PATRONI_') && isSecretName(name);
}

/** The environment that WAL-G gets: what its users set, with a clean stdout, a quiet log and an end to its patience. */
export function childEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !SIDE_EFFECTS.includes(name) && !isPatroniSecret(name));
  return {
    ...Object.fromEntries(kept),
    // WAL-G would retry 15 times, for 12 to 27 minutes, before it says what is wrong; to it an empty variable is none
    S3_MAX_RETRIES: environment['S3_MAX_RETRIES'] || '3',
    // from 3.0.6 on; older ones wait for ever, and we end them
    PGCONNECT_TIMEOUT: environment['PGCONNECT_TIMEOUT'] || '5',
    // DEVEL dumps the environment, keys and all (up to 2.0.1), and no version knows any other level that is safe
    WALG_LOG_LEVEL: 'NORMAL',
    // the log and the S3 SDK's debug output may have been sent to stdout, amid the JSON
    WALG_LOG_DESTINATION: 'stderr',
    S3_LOG_LEVEL: 'OFF',
  };
}
