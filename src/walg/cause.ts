/**
 * The innermost cause in a message of WAL-G, which has the outermost error first, as usual in Go: `Get backups from folder: list folder in
 * storage "default": failed to list s3 folder: 'pg/basebackups_005/': NoSuchBucket: The specified bucket does not exist`. Undefined if no
 * cause is recognized.
 */
export function innermostCause(message: string): string | undefined {
  return connection(message) ?? file(message) ?? replyCode(message);
}

/** Go's net: `dial tcp 10.0.0.1:443: connect: connection refused`, `dial tcp: lookup s3.example.org on 10.0.0.53:53: no such host`. */
function connection(message: string): string | undefined {
  const dial = message.slice(Math.max(message.lastIndexOf('dial tcp'), 0));
  const [, host, unknown] = /^dial tcp: lookup ([^\s:]+)(?: on [^\s]+)?: ([^:()]+)/.exec(dial) ?? [];
  if (host !== undefined && unknown !== undefined) return `${unknown.trim()} (${host})`;
  const [, address, why] = /^dial tcp (\S+): (?:connect: )?([^:()]+)/.exec(dial) ?? [];
  if (address !== undefined && why !== undefined) return `${why.trim()} (${address})`;
  const [, trust] = /: (?:tls|x509): ([^:]+)$/.exec(message) ?? [];
  return trust;
}

/** Go's os: `open /backups/wal_005: permission denied`. */
function file(message: string): string | undefined {
  const [, path, why] =
    /(?:^|: )(?:open|stat|lstat|read|readdirent) ([^\s:]+): (permission denied|no such file or directory|[a-z /]+)\)?$/.exec(
      message,
    ) ?? [];
  return path === undefined ? undefined : `${String(why)} (${path})`;
}

/** The error code of an object storage with its message. */
function replyCode(message: string): string | undefined {
  const [, code, words = ''] = /: ([A-Z][a-z]+[A-Z][A-Za-z]*): ([^:]*)$/.exec(message) ?? [];
  if (code === undefined) return undefined;
  const said = words.trim().replace(/\.$/, '');
  return said === '' ? code : `${code} (${said})`;
}

/** The message and the short cause of an error of WAL-G. The cause comes first, because alerts on a phone show only about 80 characters. */
export function describeFailure(what: string, reason: string): [message: string, shortCause: string | undefined] {
  const cause = innermostCause(reason);
  return [`${cause === undefined ? '' : `${cause}: `}${what}: ${reason}`, cause];
}
