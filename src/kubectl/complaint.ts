/** What kubectl complains about. */
export interface Complaint {
  /** As kubectl says it, on one line. */
  text: string;
  /** The reason in the API server's Status (`Forbidden`, `NotFound`, …); undefined where it is not the server that refuses. */
  reason: string | undefined;
  /** The message of the Status, or the same as `text`. */
  message: string;
  /** The last line that a credential plugin wrote before. */
  before: string | undefined;
}

/** How kubectl begins what ends it, the same from 1.20 to 1.34. What follows on further lines is part of the message. */
const FROM_SERVER = /^(Error from server\b|The (?:\S+ "[^"]*"|request) is invalid: )/;
const OWN = /^(error: |Unable to connect to the server: |The connection to the server |Error in configuration: )/;

/**
 * The complaint in kubectl's stderr; undefined where it says nothing. With a cold discovery cache up to five lines of memcache.go come
 * first, and warnings and a credential plugin's own words may.
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
