import { isSecretName } from '../text/secret-names.ts';

/** With these WAL-G would open a port, report to statsd as for a backup, or write profiles (src/walg/README.md). */
const SIDE_EFFECTS = ['HTTP_LISTEN', 'WALG_STATSD_ADDRESS', 'PROFILE_MODE', 'PROFILE_PATH'];

/** WAL-G does not need Patroni's passwords. */
function isPatroniSecret(name: string): boolean {
  return name.startsWith('PATRONI_') && isSecretName(name);
}

/** The environment of WAL-G: what its users set, with nothing but JSON on stdout, a quiet log and fewer retries. */
export function childEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !SIDE_EFFECTS.includes(name) && !isPatroniSecret(name));
  return {
    ...Object.fromEntries(kept),
    // WAL-G would retry 15 times, for 12 to 27 minutes, before it reports an error; it treats an empty variable as unset
    S3_MAX_RETRIES: environment['S3_MAX_RETRIES'] || '3',
    // from 3.0.6 on; older versions wait forever and are terminated when their time is up
    PGCONNECT_TIMEOUT: environment['PGCONNECT_TIMEOUT'] || '5',
    // DEVEL prints the whole environment, including secrets (up to 2.0.1), and NORMAL is the only level that every version accepts
    WALG_LOG_LEVEL: 'NORMAL',
    // the user's settings may send the log and the debug output of the S3 SDK to stdout, where the JSON is
    WALG_LOG_DESTINATION: 'stderr',
    S3_LOG_LEVEL: 'OFF',
  };
}
