import type * as z from 'zod/mini';
import { BoundError } from '../text/bounds.ts';
import { fit, parseJson } from '../text/json.ts';
import type { Log } from '../system/log.ts';
import { withoutSlash } from './base-url.ts';
import { explain, IS_IT_PATRONI, wasClosed } from './connection-errors.ts';
import {
  ClosedError,
  EndpointError,
  NoAnswerError,
  NoPatroniError,
  seconds,
  type Endpoint,
  type Reason,
} from './failures.ts';
import { patroniFetch } from './http.ts';
import { loadKy } from './ky.ts';
import type { Tls } from './tls.ts';

export interface Question {
  base: URL;
  endpoint: Endpoint;
  /** The exact URL; undefined = the endpoint is appended to the base. */
  url?: URL;
  /** The time limit of the whole request, milliseconds. */
  limit: number;
  /** The time limit for connecting, milliseconds; undefined = the whole limit. */
  connectLimit?: number | undefined;
  /** Patroni is known to run there: it answered another request, or kept the connection open. */
  heardOf: boolean;
}

/** Sends one request. @throws EndpointError, NoAnswerError, or a CollectError that names the field that does not fit. */
export type Ask = <Schema extends z.ZodMiniType>(question: Question, schema: Schema) => Promise<z.infer<Schema>>;

export function asker(tls: Tls, runSignal: AbortSignal, log: Log): Ask {
  return async ({ base, endpoint, url: exact, limit, connectLimit, heardOf }, schema) => {
    const ky = await loadKy();
    const fetch = patroniFetch(tls, connectLimit);
    const shown = withoutSlash(base);
    const url = exact?.href ?? `${shown}/${endpoint}`;
    const signal = AbortSignal.any([runSignal, AbortSignal.timeout(Math.ceil(limit))]);
    const started = performance.now();
    let reply: Reply;
    try {
      const response = await ky(url, { fetch, signal, retry: 0, timeout: false, throwHttpErrors: false });
      const announced = response.headers.get('content-length') !== null;
      reply = { status: response.status, body: await response.text(), announced };
      // there is no Content-Length, so a body cut short by our own abort looks complete
      signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) throw new NoAnswerError(shown, endpoint, limit);
      const Failure = wasClosed(error) ? ClosedError : NoPatroniError;
      throw new Failure(shown, endpoint, explain(error, base, heardOf));
    }
    log.detail(
      `${url}: HTTP ${reply.status}, ${reply.body.length} characters in ${seconds(performance.now() - started)}`,
    );
    return fit(schema, readReply(shown, endpoint, reply), url);
  };
}

/** What came back; `announced`: with a Content-Length. */
interface Reply {
  status: number;
  body: string;
  announced: boolean;
}

/** `/patroni` identifies Patroni: its reply is a JSON object with a key `patroni` (all versions). */
function readReply(base: string, endpoint: Endpoint, { status, body, announced }: Reply): unknown {
  const reply = tryJson(base, endpoint, body);
  if (endpoint === 'patroni') {
    const foreign =
      status !== 200 && status !== 503 ? statusReason(status) : foreignReason({ status, body, announced }, reply);
    if (foreign !== undefined) throw new NoPatroniError(base, endpoint, foreign);
  } else if (status !== 200) {
    throw new EndpointError(base, endpoint, missingReason(endpoint, status, reply));
  }
  if (reply === undefined) throw new EndpointError(base, endpoint, noJsonReason({ status, body, announced }));
  return reply;
}

function foreignReason({ status, body, announced }: Reply, reply: unknown): Reason | undefined {
  if (reply === undefined) return cutShort(body) ? undefined : noJsonReason({ status, body, announced });
  if (isNodeStatus(reply)) return undefined;
  return foreign(`its JSON is not Patroni's (HTTP ${status})`, IS_IT_PATRONI);
}

/** To an unknown path Patroni replies with the status of its node and 503 (README.md, "HTTP"). */
function missingReason(endpoint: Endpoint, status: number, reply: unknown): Reason {
  if (status === 503 && isNodeStatus(reply))
    return foreign('this Patroni does not have it', '1.6.1 or newer is needed');
  if (status === 502 && endpoint === 'config')
    return foreign('HTTP 502: there is no dynamic configuration in the DCS', 'the cluster is not bootstrapped');
  return statusReason(status);
}

function statusReason(status: number): Reason {
  return status === 401 || status === 403
    ? foreign(`HTTP ${status}: a proxy asks for a login`, 'Patroni itself needs none for reading (--patroni-url)')
    : foreign(`HTTP ${status}`, IS_IT_PATRONI);
}

/** HTTP/1.0 without Content-Length: only the JSON shows that a reply was cut short. */
function noJsonReason({ status, body, announced }: Reply): Reason {
  const what = `(HTTP ${status}, ${body.length} characters)`;
  if (announced && body === '') return foreign(`the reply is empty (HTTP ${status})`, IS_IT_PATRONI);
  if (cutShort(body) && announced)
    return foreign(`the reply ends amid its JSON, where its Content-Length says ${what}`, IS_IT_PATRONI);
  return cutShort(body)
    ? { problem: `the reply was cut short ${what}`, advice: 'was Patroni restarted?', met: 'closed' }
    : foreign(`the reply is not JSON ${what}`, IS_IT_PATRONI);
}

function foreign(problem: string, advice?: string): Reason {
  return { problem, advice, met: 'foreign' };
}

function cutShort(body: string): boolean {
  return /^[\t\n\r ]*([[{]|$)/.test(body);
}

function isNodeStatus(reply: unknown): boolean {
  return typeof reply === 'object' && reply !== null && 'patroni' in reply;
}

/** A cluster does not have more members, timeline switches or parameters than this. */
const MOST_ELEMENTS = 10_000;

function tryJson(base: string, endpoint: Endpoint, text: string): unknown {
  try {
    return parseJson(text, { elements: MOST_ELEMENTS });
  } catch (error) {
    if (error instanceof BoundError)
      throw new EndpointError(base, endpoint, foreign(`the reply is not one of Patroni's: ${error.message}`));
    return undefined;
  }
}
