import { DeliveryError } from '../errors.ts';
import { signalOf, type Limit } from '../system/deadline.ts';
import { problemOf, UNTRUSTED } from '../system/http-problems.ts';
import { readBody, send } from '../system/http.ts';
import type { Log } from '../system/log.ts';

/** A request of a delivery. */
export interface Asked {
  url: URL;
  method: 'GET' | 'PUT';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** What the server is, for messages: its origin without path and user info, because a path may be a secret. */
  server: string;
  /** The option that names it. */
  option: string;
  /** The variables that name proxies. */
  proxies: NodeJS.ProcessEnv;
}

export interface Reply {
  status: number;
  body: string;
}

/** A Pushgateway explains itself in a line, a dead-man service says "OK". */
const MOST_BODY = 64 * 1024;

/**
 * Sends one request within the time limit, and returns a reply with status 2xx. Redirects are not followed, because they would lead user
 * info and metrics elsewhere. @throws DeliveryError that says what went wrong, in words that follow the name of the server; or what
 * `explain` makes of a status, if it does.
 */
export async function request(
  asked: Asked,
  limit: Limit,
  log: Log,
  explain: (reply: Reply) => string | undefined,
): Promise<void> {
  const { url, method, server, option, proxies } = asked;
  const doubt = `is ${option} correct?`;
  const started = performance.now();
  const signal = signalOf(limit);
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let status: number;
  let body: string;
  let location: string | undefined;
  try {
    const message = await send({ url, method, headers: asked.headers ?? {}, body: asked.body, signal, proxies, doubt });
    status = message.statusCode ?? 0;
    location = message.headers.location;
    body = await readBody(message, MOST_BODY, doubt);
  } catch (error) {
    if (signal.aborted) throw new DeliveryError(`it did not answer within ${seconds()}`);
    throw new DeliveryError(whyFailed(error, url, option));
  }
  log.detail(`${method} ${server}: HTTP ${status} in ${seconds()}`);
  if (status >= 200 && status < 300) return;
  throw new DeliveryError(explain({ status, body }) ?? whyRefused(status, location, url, option));
}

function whyFailed(error: unknown, { hostname }: URL, option: string): string {
  const { code, problem } = problemOf(error, hostname);
  const advice = adviceFor(code, option);
  return advice === undefined ? problem : `${problem}: ${advice}`;
}

function adviceFor(code: string | undefined, option: string): string | undefined {
  if (code === 'ECONNREFUSED') return `either it is not running there, or it listens elsewhere (${option})`;
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'if it uses TLS, it needs an https:// URL';
  if (code !== undefined && UNTRUSTED.has(code)) return 'set NODE_EXTRA_CA_CERTS to the file of the CA that signed it';
  return undefined;
}

function whyRefused(status: number, location: string | undefined, url: URL, option: string): string {
  if (status >= 300 && status < 400)
    return `HTTP ${status}: it redirects${whereTo(location, url)}, and redirects are not followed: correct ${option}`;
  if (status === 401 || status === 403)
    return `HTTP ${status}: it asks for a login: put the user name and the password into the URL, in the variable or the file of ${option}`;
  return `HTTP ${status}: is ${option} correct?`;
}

/** The path is left out, because it may be the secret. */
function whereTo(location: string | undefined, url: URL): string {
  if (location === undefined || !URL.canParse(location, url.href)) return '';
  const { origin } = new URL(location, url);
  return origin === url.origin ? ' to another path' : ` to ${origin}`;
}
