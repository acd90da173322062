/** Names of variables whose values are secret: WAL-G's own list and those it forgot (reference: walg.md, 4.1). */
const SECRET_NAME =
  /KEY|SECRET|TOKEN|PASS|CREDENTIAL|SAS|DSN|URI|CONNECTION_STRING|HEADERS|SSE_C|DATASOURCE|REDIS_USERNAME/;
/** These name a file or a switch; the path is no secret and helps to find the mistake. */
const HARMLESS_NAME = /_PATH$|_FILE$|^PGPASSFILE$|^PGSSLKEY$|^SSH_PRIVATE_KEY_PATH$/;
/** Shorter values occur by accident in innocent text. */
const SHORTEST_SECRET = 6;

export type Redact = (text: string) => string;

/** Makes the function that blots out the secret values of these environments wherever they occur in a text. */
export function redactor(...environments: Iterable<readonly [string, string | null | undefined]>[]): Redact {
  const secrets = new Set<string>();
  for (const environment of environments)
    for (const [name, value] of environment)
      if (value && SECRET_NAME.test(name) && !HARMLESS_NAME.test(name))
        for (const part of parts(value)) secrets.add(part);
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return (text) =>
    longestFirst.reduce((kept, secret) => kept.replaceAll(secret, '***'), text).replaceAll(URL_PASSWORD, '$1***@');
}

/** `scheme://user:password@`: a connection string may come from a configuration file that we never read. */
const URL_PASSWORD = /(\w+:\/\/[^\s/:@]*:)[^\s/@]+@/g;

/** A key of several lines shows up line by line, and URLs carry a value percent-encoded. */
function parts(value: string): string[] {
  return [value, ...value.split(/\r?\n|\\n/), encodeURIComponent(value)].filter(
    (part) => part.length >= SHORTEST_SECRET,
  );
}
