/** Names of variables whose values are secret: WAL-G's own list and those it forgot (reference: walg.md, 4.1). */
const SECRET_NAME =
  /KEY|SECRET|TOKEN|PASS|CREDENTIAL|SAS|DSN|URI|CONNECTION_STRING|HEADERS|SSE_C|DATASOURCE|REDIS_USERNAME/i;
/** These name a file; the path is no secret and helps to find the mistake. */
const HARMLESS_NAME = /_PATH$|_FILE$|^PGPASSFILE$|^PGSSLKEY$/i;
/** Shorter values occur by accident in innocent text. */
const SHORTEST_SECRET = 6;

export type Redact = (text: string) => string;

/** Makes the function that blots out the secret values of these environments wherever they occur in a text. */
export function redactor(...environments: Iterable<readonly [string, string | null | undefined]>[]): Redact {
  const secrets = new Set<string>();
  for (const environment of environments)
    for (const [name, value] of environment)
      if (value && SECRET_NAME.test(name) && !HARMLESS_NAME.test(name))
        for (const spelling of spellings(value)) secrets.add(spelling);
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return (text) =>
    longestFirst.reduce((kept, secret) => kept.replaceAll(secret, '***'), text).replaceAll(URL_PASSWORD, '$1***@');
}

/** `scheme://user:password@`: a connection string may come from a configuration file that we never read. */
const URL_PASSWORD = /(\w+:\/\/[^\s/:@]*:)[^\s/@]+@/g;

/** As it is, in a URL, in JSON or Go's quotes, with its blanks run together; and a key of several lines line by line. */
function spellings(value: string): string[] {
  const lines = value.split(/\r?\n|\\n/);
  return [value, ...lines, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), value.replace(/\s+/g, ' ')]
    .map((spelling) => spelling.trim())
    .filter((spelling) => spelling.length >= SHORTEST_SECRET);
}
