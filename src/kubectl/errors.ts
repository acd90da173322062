import type { Finished } from '../system/child.ts';
import { findComplaint, isByPlugin, type Complaint } from './complaint.ts';
import type { ConfigMap } from './settings.ts';
import { explainWebhook } from './webhooks.ts';

/** Why the ConfigMap was not written, and what to do, in one sentence. kubectl always exits with 1, so its stderr is interpreted. */
export function explainKubectl(finished: Finished, configMap: ConfigMap): string {
  return `${describe(configMap)} was not written: ${whyNotPatched(finished, configMap)}`;
}

/** Why the labels were not written, after the document was written without them. */
export function explainLabels(finished: Finished, configMap: ConfigMap): string {
  return `${describe(configMap)} was written without labels, because it was refused with them: ${whyNotPatched(finished, configMap)}; permit them, or use --no-labels`;
}

function describe({ name, namespace }: ConfigMap): string {
  return `ConfigMap ${name}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}

/** The reason alone. */
export function whyNotPatched(finished: Finished, configMap: ConfigMap): string {
  return explain(finished, (complaint) => ofWriting(complaint, configMap));
}

/** Why kubectl failed. @param remedy in words, by the reason of the API server; undefined = the same for every request. */
export function explain(finished: Finished, remedy: (complaint: Complaint) => string | undefined): string {
  if (finished.timedOut) return 'kubectl did not finish in time and was terminated';
  if (/Please enter (Username|Password)/.test(finished.stdout))
    return 'kubectl has no credentials, and asks for a password; check its kubeconfig or service account';
  const complaint = findComplaint(finished.stderr);
  if (complaint === undefined)
    return `kubectl ended with ${finished.signal ?? `exit status ${finished.status}`} and no message`;
  const webhook = explainWebhook(complaint.message);
  if (webhook !== undefined) return webhook;
  if (isByPlugin(complaint)) return complaint.text;
  const what = complaint.reason === undefined ? ofKubectl(complaint) : (remedy(complaint) ?? ofServer(complaint));
  return what === undefined ? complaint.text : `${what} (${complaint.text})`;
}

/** By the reason in the API server's Status, because the message may quote other text. */
function ofWriting({ reason, message }: Complaint, { name, namespace }: ConfigMap): string | undefined {
  switch (reason) {
    case 'NotFound':
      if (message.startsWith('namespaces ')) return 'the namespace does not exist';
      return `it does not exist; create it once: kubectl create configmap ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;
    case 'Forbidden':
      return `not allowed; the role needs the verb "patch" on configmaps, resourceNames ["${name}"]`;
    case 'RequestEntityTooLarge':
      return TOO_LARGE;
    case 'Invalid':
      if (message.includes('Too long')) return TOO_LARGE;
      return message.includes('immutable') ? 'it is immutable; delete it and create it again' : undefined;
    case 'Conflict':
      return 'another client changed it at the same time; the next run will try again';
    default:
      return undefined;
  }
}

function ofServer({ reason }: Complaint): string | undefined {
  switch (reason) {
    case 'Unauthorized':
      return UNAUTHORIZED;
    case 'TooManyRequests':
      return 'the API server is overloaded; the next run will try again';
    case 'Timeout':
    case 'ServerTimeout':
      return 'the API server did not answer in time';
    case 'ServiceUnavailable':
      return 'the API server is not available';
    default:
      return undefined;
  }
}

const UNAUTHORIZED = 'the API server rejects the credentials; has the token expired?';
const TOO_LARGE = 'the document is too large for a ConfigMap';

/** Errors of kubectl itself, in the words of 1.20 to 1.34 (test/fixtures/kubernetes). */
function ofKubectl({ text, before }: Complaint): string | undefined {
  const plugin = credentialPlugin(text, before);
  return plugin ?? OWN_FAILURES.find(({ when }) => when.test(text))?.what;
}

/** The program of `users[].user.exec` in the kubeconfig. It gets kubectl's environment, with the short PATH of cron. */
function credentialPlugin(text: string, before: string | undefined): string | undefined {
  const [, failed] = /getting credentials: exec: (.*)/.exec(text) ?? [];
  if (failed === undefined) return undefined;
  const [, missing] = /(?:executable|fork\/exec) (\S+?):? (?:not found|no such file)/.exec(failed) ?? [];
  if (missing !== undefined)
    return `the kubeconfig's credential plugin ${missing} does not exist, or is not on the PATH of this run: install it, or give its full path`;
  const [, program, status] = /executable (\S+) failed with exit code (\d+)/.exec(failed) ?? [];
  const says = before === undefined ? '' : `, saying "${before.trim()}"`;
  return program === undefined
    ? `the kubeconfig's credential plugin failed${says}`
    : `the kubeconfig's credential plugin ${program} failed with exit status ${String(status)}${says}; run it by hand as this user`;
}

const OWN_FAILURES: readonly { when: RegExp; what: string }[] = [
  {
    when: /\/dev\/fd\/3\b/,
    what: 'this kubectl cannot open the file descriptor that it inherits: it is a wrapper that closes it or runs in a container (sudo, docker, snap); give the program itself with --kubectl',
  },
  // the latter if discovery is already refused
  { when: /Unauthorized|must be logged in|asked for the client to provide credentials/, what: UNAUTHORIZED },
  { when: /localhost:8080/, what: 'kubectl found neither a kubeconfig nor a service account; give --kubeconfig' },
  { when: /^error: (context|stat) /, what: 'check --kubeconfig and --context' },
  {
    when: /certificate|x509|tls:/,
    what: "the API server's certificate is not trusted; check the CA in the kubeconfig",
  },
  {
    when: /Client\.Timeout|deadline exceeded|i\/o timeout|request canceled/,
    what: 'the API server did not answer in time',
  },
  {
    when: /refused|Unable to connect|no such host|ServiceUnavailable/,
    what: 'the API server cannot be reached; is its address in the kubeconfig right?',
  },
];
