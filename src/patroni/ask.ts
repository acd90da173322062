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
  /** The URL to ask as it stands; else the endpoint's name is put after the base. */
  url?: URL;
  /** Milliseconds that the whole answer may take. */
  limit: number;
  /** Milliseconds after which a connection that was not accepted is given up; else it may take the whole limit. */
  connectLimit?: number | undefined;
  /** Patroni is known to be there: it answered before, or at least kept the connection open. */
  heardOf: boolean;
}

/** Asks one question once. @throws EndpointError, NoAnswerError, or a CollectError that names the field that does not fit. */
export type Ask = <Schema extends z.ZodMiniType>(question: Question, schema: Schema) => Promise<z.infer<Schema>>;

export function asker(tls: Tls, runSignal: AbortSignal, log: Log): Ask {
  return async ({ base, endpoint, url: exact, limit, connectLimit, heardOf }, schema) => {
    const ky = await loadKy();
    const fetch = patroniFetch(tls, connectLimit);
    const shown = withoutSlash(base);
    const url = exact?.href ?? `${shown}/${endpoint}`;
    const signal = AbortSignal.any([runSignal, AbortSignal.timeout(Math.ceil(limit))]);
    const started = performance.now();
    let status: number;
    let body: string;
    try {
      const response = await ky(url, { fetch, signal, retry: 0, timeout: false, throwHttpErrors: false });
      status = response.status;
      body = await response.text();
      // without a length, a body that our own hanging up cut off ends like any other
      signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) throw new NoAnswerError(shown, endpoint, limit);
      const Failure = wasClosed(error) ? ClosedError : NoPatroniError;
      throw new Failure(shown, endpoint, explain(error, base, heardOf));
    }
    log.detail(`${url}: HTTP ${status}, ${body.length} characters in ${seconds(performance.now() - started)}`);
    return fit(schema, readReply(shown, endpoint, status, body), url);
  };
}

/** `/patroni` is what tells Patroni from something else: a JSON document with a `patroni` in it (all versions). */
function readReply(base: string, endpoint: Endpoint, status: number, body: string): unknown {
  const reply = tryJson(base, endpoint, body);
  if (endpoint === 'patroni') {
    const foreign = status !== 200 && status !== 503 ? statusReason(status) : foreignReason(status, body, reply);
    if (foreign !== undefined) throw new NoPatroniError(base, endpoint, foreign);
  } else if (status !== 200) {
    throw new EndpointError(base, endpoint, missingReason(endpoint, status, reply));
  }
  if (reply === undefined) throw new EndpointError(base, endpoint, noJsonReason(status, body));
  return reply;
}

function foreignReason(status: number, body: string, reply: unknown): Reason | undefined {
  if (reply === undefined) return cutShort(body) ? undefined : noJsonReason(status, body);
  if (isNodeStatus(reply)) return undefined;
  return foreign(`its JSON is not Patroni's (HTTP ${status})`, IS_IT_PATRONI);
}

/** Patroni answers a path that it does not know with its node's status and 503 (api.py, do_GET; measured with 2.0.2). */
function missingReason(endpoint: Endpoint, status: number, reply: unknown): Reason {
  if (status === 503 && isNodeStatus(reply))
    return foreign('this Patroni does not know it', '1.6.1 or newer is needed');
  if (status === 502 && endpoint === 'config')
    return foreign('HTTP 502: there is no dynamic configuration in the DCS', 'the cluster is not bootstrapped');
  return statusReason(status);
}

function statusReason(status: number): Reason {
  return status === 401 || status === 403
    ? foreign(`HTTP ${status}: something in between asks for a login`, 'Patroni lets everybody read (--patroni-url)')
    : foreign(`HTTP ${status}`, IS_IT_PATRONI);
}

/** HTTP/1.0 without a length: that a reply was cut short shows nowhere but in its JSON. */
function noJsonReason(status: number, body: string): Reason {
  const what = `(HTTP ${status}, ${body.length} characters)`;
  return cutShort(body)
    ? { problem: `the reply was cut short ${what}`, advice: 'was Patroni restarted?', met: 'closed' }
    : foreign(`the reply is no JSON ${what}`, IS_IT_PATRONI);
}

function foreign(problem: string, advice?: string): Reason {
  return { problem, advice, met: 'foreign' };
}

function cutShort(body: string): boolean {
  return /^\s*([[{]|$)/.test(body);
}

function isNodeStatus(reply: unknown): boolean {
  return typeof reply === 'object' && reply !== null && 'patroni' in reply;
}

/** Members of a cluster, changes of its timeline, parameters: thousands would be somebody else's. */
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
