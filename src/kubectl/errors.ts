import type { Finished } from '../system/child.ts';
import type { ConfigMap } from './settings.ts';

/** A body that the consumers can read from the first minute (never `null`: reference, conventions.md 3). */
const FIRST_BODY = '{"cluster_status":{"members":[]},"current_timestamp":0}';

interface Explanation {
  /** What kubectl prints, the same from 1.20 to 1.34 (recorded against real API servers). */
  when: RegExp;
  what: string;
}

/** One sentence on what kubectl could not do, and on what to do: its exit status is 1 for everything, only stderr tells. */
export function explainKubectl(finished: Finished, configMap: ConfigMap): string {
  const { name, namespace } = configMap;
  const named = `ConfigMap ${name}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
  if (finished.timedOut) return `${named} was not written: kubectl did not end in time and was ended`;
  if (/Please enter (Username|Password)/.test(finished.stdout))
    return `${named} was not written: kubectl has no credentials, and asks for a password; check its kubeconfig or service account`;
  const complaint =
    lastLine(finished.stderr) ||
    `kubectl ended with ${finished.signal ?? `exit status ${finished.status}`} and does not say why`;
  const explanation = explanations(configMap).find(({ when }) => when.test(complaint));
  return `${named} was not written: ${explanation === undefined ? complaint : `${explanation.what} (${complaint})`}`;
}

function explanations({ name, namespace }: ConfigMap): Explanation[] {
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  return [
    { when: /\(NotFound\).*namespaces/, what: 'the namespace does not exist' },
    {
      when: /\(NotFound\)/,
      what: `it does not exist; create it once: kubectl create configmap ${name}${where} --from-literal=status='${FIRST_BODY}'`,
    },
    {
      when: /\(Forbidden\)/,
      what: `not allowed; its role needs the verb "patch" on configmaps, resourceNames ["${name}"]`,
    },
    {
      // the latter when discovery is refused already
      when: /Unauthorized|must be logged in|asked for the client to provide credentials/,
      what: 'the API server does not accept the credentials; is the token expired?',
    },
    { when: /Too long|RequestEntityTooLarge/, what: 'the document is too large for a ConfigMap' },
    { when: /immutable/, what: 'it is immutable; delete it and create it anew' },
    { when: /\(Conflict\)/, what: 'somebody else wrote it at the same moment; the next run will try again' },
    {
      when: /certificate|x509|tls:/,
      what: "the API server's certificate is not trusted; check the CA in the kubeconfig",
    },
    {
      when: /localhost:8080/,
      what: 'kubectl found neither a kubeconfig nor a service account; give --kubeconfig',
    },
    { when: /^error: (context|stat) /, what: 'check --kubeconfig and --context' },
    {
      when: /Client\.Timeout|deadline exceeded|i\/o timeout|request canceled/,
      what: 'the API server did not answer in time',
    },
    {
      when: /refused|Unable to connect|no such host|ServiceUnavailable/,
      what: 'the API server cannot be reached; is its address in the kubeconfig right?',
    },
  ];
}

/** With a cold discovery cache up to five lines of memcache.go come first, and warnings may: the last line counts. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Warning: '));
  return lines.at(-1) ?? '';
}
