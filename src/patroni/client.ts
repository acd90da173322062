import type * as z from 'zod/mini';
import { asCollectError, joinErrors, type CollectError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';
import { asker } from './ask.ts';
import { ClosedError, NoPatroniError, type Endpoint } from './failures.ts';
import { clusterReply, configReply, historyReply, nodeReply } from './replies.ts';
import type { ClusterReply, ConfigReply, HistoryRow, NodeReply } from './replies.ts';
import type { Tls } from './tls.ts';

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

/**
 * Which part of the time that is left an endpoint may take, so that one that hangs leaves enough to those after it.
 * Where the DCS is gone Patroni closes the connection after its retry_timeout, 10 s by default; who hangs up earlier cannot tell that
 * from a Patroni that hangs. A run of 50 s has 38 s to collect in: 9.5 s for /patroni, which asks PostgreSQL (a second attempt after
 * 3 s without a connection), 11.4 s each for /config and /cluster, and 5.7 s for /history, which says by then nothing new about the DCS.
 */
const SHARE: Record<Endpoint, number> = { patroni: 1 / 4, config: 2 / 5, cluster: 2 / 3, history: 1 };
/** In a run with more time, an answer that takes longer than this is not worth waiting for. */
const LONGEST_WAIT = 15_000;

/** Who answers: where only `/patroni` fails (its PostgreSQL hangs) the other questions are still worth asking. */
type Member =
  | { url: URL; heardOf: boolean; reply: NodeReply }
  | { url: URL; heardOf: boolean; failure: CollectError }
  | { url: undefined; failure: CollectError };

export function patroniClient(settings: PatroniSettings, { deadline, signal }: Limit, log: Log): Patroni {
  const { urls, tls } = settings;
  const ask = asker(tls, signal, log);
  const limit = (endpoint: Endpoint) => Math.min(LONGEST_WAIT, deadline.remaining() * SHARE[endpoint]);

  const member = once(async (): Promise<Member> => {
    const failures: CollectError[] = [];
    let present: { url: URL; heardOf: boolean } | undefined;
    for (const [tried, url] of urls.entries()) {
      try {
        const share = limit('patroni') / (urls.length - tried);
        const reply = await ask({ base: url, endpoint: 'patroni', limit: share, heardOf: false }, nodeReply);
        return { url, heardOf: true, reply };
      } catch (error) {
        if (!(error instanceof NoPatroniError)) present ??= { url, heardOf: !(error instanceof ClosedError) };
        failures.push(asCollectError(error));
      }
    }
    const failure = joinErrors(failures);
    return present === undefined ? { url: undefined, failure } : { ...present, failure };
  });

  const following = <Schema extends z.ZodMiniType>(
    endpoint: Endpoint,
    schema: Schema,
    previous?: () => Promise<unknown>,
  ) =>
    once(async () => {
      const asked = await member();
      if (asked.url === undefined) throw asked.failure;
      await Promise.allSettled([previous?.()]);
      return ask({ base: asked.url, endpoint, limit: limit(endpoint), heardOf: asked.heardOf }, schema);
    });
  const config = following('config', configReply);
  const cluster = following('cluster', clusterReply, config);
  const history = following('history', historyReply, cluster);

  return {
    node: async () => {
      const asked = await member();
      if ('failure' in asked) throw asked.failure;
      return asked.reply;
    },
    config,
    cluster,
    history,
  };
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  return () => (answer ??= ask());
}
