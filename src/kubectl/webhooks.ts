/**
 * Explains a refusal by admission control, in words that follow "was not written: "; undefined = it is another error. The status code
 * is no evidence: a webhook chooses it (Gatekeeper 403 Forbidden, Kyverno 400 without a reason), and it is 500 if the webhook is unreachable.
 */
export function explainWebhook(message: string): string | undefined {
  const [, name, words = ''] =
    /admission webhook "([^"]+)" denied the request(?:: | without explanation)?(.*)/.exec(message) ?? [];
  if (name !== undefined)
    return `admission webhook "${name}" denied it${words === '' ? ' without a reason' : `: ${words.trim()}`}`;
  const [, policy, why] = /ValidatingAdmissionPolicy '([^']+)'[^:]* denied request: (.*)/.exec(message) ?? [];
  if (policy !== undefined) return `admission policy "${policy}" denied it: ${String(why)}`;
  const [, hook, failure = ''] = /failed calling webhook "([^"]+)": (.*)/.exec(message) ?? [];
  return hook === undefined ? undefined : `admission webhook "${hook}" ${whyNotCalled(failure)} (${failure})`;
}

/** A webhook or a policy denied the request, or a webhook cannot be called; not one that did not answer in time. */
export function isRefusedByWebhook(message: string): boolean {
  if (explainWebhook(message) === undefined) return false;
  const [, failure] = /^Internal error occurred: failed calling webhook "[^"]+": (.*)/.exec(message) ?? [];
  return failure === undefined || !timedOut(failure);
}

function timedOut(failure: string): boolean {
  return /deadline exceeded|Client\.Timeout|i\/o timeout|awaiting headers/i.test(failure);
}

/** Why the API server could not call it, by the words of Go's HTTP client. */
function whyNotCalled(failure: string): string {
  if (/x509|tls: |certificate/.test(failure))
    return 'has a certificate that the API server does not trust; has its CA bundle expired?';
  if (timedOut(failure)) return 'did not answer the API server in time; is it overloaded?';
  if (/connection refused|no endpoints available|no such host|no route to host|not found/.test(failure))
    return 'cannot be reached by the API server; are its pods down?';
  return 'failed';
}
