/** An error message of kubectl. */
export interface Complaint {
  /** The message of kubectl, on one line. */
  text: string;
  /** The reason in the API server's Status (`Forbidden`, `NotFound`, …); undefined = the error does not come from the server. */
  reason: string | undefined;
  /** The message of the Status, or the same as `text`. */
  message: string;
  /** The line before it, which a credential plugin may have written. */
  before: string | undefined;
}

/** The beginnings of kubectl's final error, the same from 1.20 to 1.34. The lines that follow belong to the message. */
const FROM_SERVER = /^(Error from server\b|The (?:\S+ "[^"]*"|request) is invalid: )/;
const OWN = /^(error: |Unable to connect to the server: |The connection to the server |Error in configuration: )/;

/**
 * Finds the error in kubectl's stderr; undefined = it is empty. Up to five lines of memcache.go (with a cold discovery cache), warnings,
 * and the output of a credential plugin may come before it.
 */
export function findComplaint(stderr: string): Complaint | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^(Warning: |[EWI]\d{4} )/.test(line));
  const server = lines.findIndex((line) => FROM_SERVER.test(line));
  const start = server >= 0 ? server : lines.findLastIndex((line) => OWN.test(line));
  const text = lines
    .slice(start)
    .map((line) => line.trim())
    .join(' ');
  if (text === '') return undefined;
  const [, reason, message] = /^Error from server(?: \((\w+)\))?: (.*)$/s.exec(text) ?? [];
  const invalid = server >= 0 && message === undefined ? 'Invalid' : undefined;
  return {
    text,
    reason: reason ?? invalid ?? (message === undefined ? undefined : ''),
    message: message ?? text,
    before: start > 0 ? lines[start - 1] : undefined,
  };
}

/**
 * An admission plugin of the API server forbids it. A missing permission says `… is forbidden: User "…" cannot patch …`, whichever
 * authorizer is asked (k8s.io/apiserver, pkg/endpoints/handlers/responsewriters/errors.go).
 */
export function isByPlugin({ reason, message }: Complaint): boolean {
  return reason === 'Forbidden' && /" is forbidden: (?!User )/.test(message);
}
