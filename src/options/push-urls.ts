import { SecretValueError } from './values.ts';

/** A URL, and what must not be shown of it. */
export interface SecretUrl {
  url: URL;
  secrets: readonly string[];
}

/** The base URL of a Pushgateway. */
export function parsePushgateway(text: string): SecretUrl {
  const url = parseUrl(text, 'http://pushgateway:9091');
  if (/[?#]/.test(text)) throw new SecretValueError('is not a base URL: remove the part after ? or #');
  if (/\/metrics(\/|$)/.test(url.pathname))
    throw new SecretValueError('is not a base URL: remove the part from /metrics on');
  return { url, secrets: credentialsOf(url) };
}

/** The URL of a check at a dead-man service. All of it is a secret. */
export function parsePingUrl(text: string): SecretUrl {
  const url = parseUrl(text, 'https://hc-ping.com/…');
  if (text.includes('#')) throw new SecretValueError('has a part after #, which is not sent: remove it');
  if (url.pathname === '/' && url.search === '')
    throw new SecretValueError('has no path, by which the service identifies the check');
  return { url, secrets: [text, ...addressOf(url), ...tokensOf(url), ...credentialsOf(url)] };
}

/** For the command line, which every user of the host can see. */
export function withoutUserInfo(text: string): string {
  if (URL.canParse(text) && (new URL(text).username || new URL(text).password))
    throw new SecretValueError(
      'contains a user name or password, which other users could see on the command line: put the URL into the variable or a file',
    );
  return text;
}

function parseUrl(text: string, example: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /\s/.test(text))
    throw new SecretValueError(`is not a URL such as ${example}`);
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    throw new SecretValueError('has a % in its user name or password that is not followed by two hexadecimal digits');
  }
  return url;
}

/** A user name without a password is a token. */
function credentialsOf({ username, password }: URL): string[] {
  const secret = password || username;
  return secret === '' ? [] : [secret, decodeURIComponent(secret)];
}

/** The URL and its path, as they may be quoted in an error message. */
function addressOf({ href, host, pathname, search }: URL): string[] {
  return [href, `${host}${pathname}`, `${pathname}${search}`, pathname, search.slice(1)].filter(
    (address) => address !== '/' && address !== '',
  );
}

/**
 * The parts of the path and the query that look random: other parts, such as the name of the check, may be those of the cluster, which
 * must stay readable in the document.
 */
function tokensOf({ pathname, search }: URL): string[] {
  return `${pathname}/${search}`.split(/[/?&=]/).filter(isRandom);
}

function isRandom(part: string): boolean {
  if (part.length < 10) return false;
  if (/^[\da-f-]+$/i.test(part)) return /\d/.test(part);
  return /[A-Z]/.test(part) && /[a-z\d]/.test(part);
}
