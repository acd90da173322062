import * as z from 'zod/mini';
import {
  CollectError,
  NoAnswerError,
  TimeLimitError,
  asCollectError,
  asError,
  errorCode,
  joinErrors,
} from '../errors.ts';
import type { Deadline } from '../system/deadline.ts';
import { fit, parseJson } from '../system/json.ts';
import type { Log } from '../system/log.ts';
import { patroniFetch, type Tls } from './http.ts';
import { loadKy } from './ky.ts';
import { clusterReply, configReply, historyReply, historyRow, nodeReply } from './replies.ts';
import type { ClusterReply, ConfigReply, HistoryRow, NodeReply } from './replies.ts';

/**
 * Patroni's REST API, each endpoint asked at most once in a run, one after the other: `/patroni`, `/config`, `/cluster`, `/history`.
 * In that order, for a `/cluster` that cannot reach the DCS empties the cache that `/config` is answered from (reference: patroni.md, 2).
 * Each promise is rejected with a CollectError.
 */
export interface Patroni {
  /** The member that was asked, from the first URL that answers. */
  node(): Promise<NodeReply>;
  config(): Promise<ConfigReply>;
  cluster(): Promise<ClusterReply>;
  history(): Promise<HistoryRow[]>;
}

export interface PatroniSettings {
  urls: readonly URL[];
  tls: Tls;
}

/** A DCS that is gone costs each answer its retry_timeout, 10 s by default: less could not tell it from a Patroni that hangs. */
const MOST_FOR_ONE_ANSWER = 15_000;
/** Of the time that is left, for the endpoints in their order, so that one that hangs leaves its share to those after it. */
const ENDPOINTS = 4;

export function patroniClient(settings: PatroniSettings, deadline: Deadline, signal: AbortSignal, log: Log): Patroni {
  const [first, ...others] = settings.urls;
  if (first === undefined) throw new RangeError('no URL of Patroni');
  const ask = asker(settings.tls, signal, log);
  let answering = first;

  const node = once(async () => {
    const failures: CollectError[] = [];
    const urls = [first, ...others];
    for (const [tried, url] of urls.entries()) {
      const limit = share(deadline, ENDPOINTS * (urls.length - tried));
      try {
        const reply = await ask(url, 'patroni', nodeReply, limit);
        answering = url;
        return reply;
      } catch (error) {
        // what hangs there may still answer the other questions: so it does when only its PostgreSQL hangs
        if (failures.every((failure) => !(failure instanceof TimeLimitError)) && error instanceof TimeLimitError)
          answering = url;
        failures.push(asCollectError(error));
      }
    }
    throw joinErrors(failures);
  });
  /** Whether anything is there that could answer: nobody is asked four times who refused the connection. */
  const reachable = async () => {
    await node().catch((error: unknown) => {
      if (!(error instanceof TimeLimitError)) throw asCollectError(error);
    });
  };
  const config = once(async () => {
    await reachable();
    return ask(answering, 'config', configReply, share(deadline, 3));
  });
  const cluster = once(async () => {
    await reachable();
    await settled(config());
    return ask(answering, 'cluster', clusterReply, share(deadline, 2));
  });
  const history = once(async () => {
    await reachable();
    await settled(cluster());
    const rows = await ask(answering, 'history', historyReply, share(deadline, 1));
    return rows.map((row) => fit(historyRow, row, `${shown(answering)}/history`));
  });
  return { node, config, cluster, history };
}

type Ask = <Schema extends z.ZodMiniType>(
  base: URL,
  endpoint: string,
  schema: Schema,
  limit: number,
) => Promise<z.infer<Schema>>;

function asker(tls: Tls, runSignal: AbortSignal, log: Log): Ask {
  const fetch = patroniFetch(tls);
  return async (base, endpoint, schema, limit) => {
    const ky = await loadKy();
    const url = `${shown(base)}/${endpoint}`;
    const signal = AbortSignal.any([runSignal, AbortSignal.timeout(Math.ceil(limit))]);
    const started = performance.now();
    let status: number;
    let body: string;
    try {
      const response = await ky(url, { fetch, signal, retry: 0, timeout: false, throwHttpErrors: false });
      status = response.status;
      body = await response.text();
    } catch (error) {
      if (signal.aborted)
        throw new TimeLimitError(`${url} did not answer within ${seconds(performance.now() - started)}`);
      const Failure = errorCode(innermost(error)) === 'ECONNRESET' ? NoAnswerError : CollectError;
      throw new Failure(`${url}: ${explain(error, base)}`);
    }
    log.detail(`${url}: HTTP ${status}, ${body.length} characters in ${seconds(performance.now() - started)}`);
    return fit(schema, readReply(url, endpoint, status, body), url);
  };
}

/** 503 with a document is an ordinary answer of `/patroni` alone: elsewhere it means that this Patroni does not know the path. */
function readReply(url: string, endpoint: string, status: number, body: string): unknown {
  if (status === 502 && endpoint === 'config')
    throw new CollectError(`${url}: HTTP 502: there is no dynamic configuration in the DCS`);
  if (status !== 200 && (status !== 503 || endpoint !== 'patroni'))
    throw new CollectError(`${url}: HTTP ${status}: is this Patroni's REST API?`);
  try {
    return parseJson(body);
  } catch {
    throw new CollectError(
      `${url}: the reply is no JSON, or was cut short (HTTP ${status}, ${body.length} characters)`,
    );
  }
}

/** What a failed connection means, by the codes of Node.js (measured: reference, patroni.md 2 and 4). */
function explain(error: unknown, base: URL): string {
  const cause = innermost(error);
  const code = errorCode(cause);
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused: Patroni is not running there, or listens elsewhere';
    case 'ECONNRESET':
      return base.protocol === 'http:'
        ? 'the connection was closed without an answer: the DCS is not reachable, or the API speaks TLS and needs an https:// URL'
        : 'the connection was closed without an answer: the DCS is not reachable';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host ${base.hostname} is not known (${code})`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `no TLS there (${code}): use an http:// URL`;
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return 'a client certificate is required: give --patroni-cert and --patroni-key';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate is not made out to ${base.hostname}: use the name that it carries`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `the certificate is not trusted (${code}): give its CA with --patroni-ca-cert`;
    default:
      return code === undefined ? cause.message : `${cause.message} (${code})`;
  }
}

/** ky and Node.js wrap: `cause` by ky, `errors` where several addresses of one name were tried. */
function innermost(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof Error && errorCode(error) === undefined && error.cause !== undefined)
    return innermost(error.cause);
  return asError(error);
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  return () => (answer ??= ask());
}

async function settled(answer: Promise<unknown>): Promise<void> {
  await Promise.allSettled([answer]);
}

/** The time (ms) for one question when `questions` of them are still to be asked. */
function share(deadline: Deadline, questions: number): number {
  return Math.min(MOST_FOR_ONE_ANSWER, deadline.remaining() / questions);
}

/** The URL as it is shown and asked: without a slash at its end. */
function shown(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
