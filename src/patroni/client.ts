import type * as z from 'zod/mini';
import { isLeader } from '../document/members.ts';
import { asCollectError, joinErrors, type CollectError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';
import { asker } from './ask.ts';
import { withoutSlash } from './base-url.ts';
import { BothFailedError, isUnanswered, type Endpoint } from './failures.ts';
import { askLeader, checked, failed, type LeaderReply } from './leader-api.ts';
import { askMembers, clusterOf, type Answer, type Answered } from './members.ts';
import { clusterReply, configReply, historyReply } from './replies.ts';
import type { ClusterReply, ConfigReply, HistoryRow } from './replies.ts';
import type { Tls } from './tls.ts';
import { bestView, freshestFirst, isApiOf, memberOf } from './view.ts';

/**
 * Client of Patroni's REST API. `/patroni` is requested from the members of all URLs concurrently. `/config`, `/cluster` and `/history` are
 * requested from one member, the one that has heard from the DCS most recently, one after the other in the order of the calls; from a
 * second member only if the first did not answer. Call `config()` before `cluster()`: a `/cluster` that fails empties the cache from which
 * Patroni answers `/config` (README.md, "HTTP"). Each request is sent at most once in a run, and only if its method is called.
 * Each promise is rejected with a CollectError, unless noted otherwise.
 */
export interface Patroni {
  /** The answers of all URLs, in their order. Never rejected. */
  members(): Promise<readonly Answer[]>;
  /** The member that represents the cluster. */
  node(): Promise<Answered>;
  config(): Promise<ConfigReply>;
  cluster(): Promise<ClusterReply>;
  history(): Promise<HistoryRow[]>;
  /** The leader's own status; undefined = the leader is `node()`, or is not known. Never rejected. */
  leader(): Promise<LeaderReply | undefined>;
}

export interface PatroniSettings {
  urls: readonly URL[];
  tls: Tls;
  /** never = do not ask the leader at its api_url, which may be unreachable from here (NAT, network policies). */
  leaderApi: 'auto' | 'never';
}

/**
 * The share of the remaining time that a request may take, so that one that hangs leaves time for the next. If the DCS is unreachable,
 * Patroni closes the connection after its retry_timeout, 10 s by default; a client that gives up earlier cannot distinguish that from a
 * Patroni that hangs. A run of 50 s has 38 s to collect: 9.5 s for /patroni, which queries PostgreSQL (with a second attempt after a
 * connect timeout of 3 s), 11.4 s each for /config and /cluster, and 5.7 s for /history, which by then reveals nothing new about the DCS.
 */
const SHARE: Record<Endpoint, number> = { patroni: 1 / 4, config: 2 / 5, cluster: 2 / 3, history: 1 };
/** The longest wait for an answer in a run with a large --timeout, milliseconds. */
const LONGEST_WAIT = 15_000;

/** A member to ask. If only its `/patroni` fails, because its PostgreSQL hangs, it can still answer the other requests. */
interface Candidate {
  url: URL;
  heardOf: boolean;
}

export function patroniClient(settings: PatroniSettings, { deadline, signal }: Limit, log: Log): Patroni {
  const { urls, tls, leaderApi } = settings;
  const ask = asker(tls, signal, log);
  const limit = (endpoint: Endpoint) => Math.min(LONGEST_WAIT, deadline.remaining() * SHARE[endpoint]);

  const members = once(() => askMembers(urls, ask, limit('patroni')));

  const candidates = once(async (): Promise<Candidate[]> => {
    const answers = await members();
    const answered = freshestFirst(answers.filter((answer) => answer.reply !== undefined));
    const found = [
      ...answered.map(({ url }) => ({ url, heardOf: true })),
      ...answers.flatMap((answer) => (answer.reply === undefined && answer.present ? [answer] : [])),
    ];
    if (found.length === 0) throw joinErrors(failuresOf(answers));
    return found;
  });

  /** The members that failed to answer a request, and the error. */
  const failedWith = new Map<Candidate, CollectError>();
  let before: Promise<unknown> = Promise.resolve();
  const question = <Schema extends z.ZodMiniType>(endpoint: Endpoint, schema: Schema) =>
    once(() => {
      const previous = before;
      const answer = (async () => {
        await previous;
        const [first, second] = await inTurn();
        try {
          return await put(first, endpoint, schema);
        } catch (error) {
          if (second === undefined || failedWith.has(second)) throw error;
          failedWith.set(first, asCollectError(error));
          log.detail(`${asCollectError(error).message}: ${second.url.href} is asked instead`);
          return await put(second, endpoint, schema).catch((other: unknown) => {
            failedWith.set(second, asCollectError(other));
            throw new BothFailedError([error, other].map(asCollectError));
          });
        }
      })();
      before = answer.catch(() => undefined);
      return answer;
    });

  /** Members without a failure first. If two members could not reach the DCS, no further request is sent. */
  async function inTurn(): Promise<[Candidate, Candidate?]> {
    const [first, second, ...others] = (await candidates()).toSorted(
      (one, other) => Number(failedWith.has(one)) - Number(failedWith.has(other)),
    );
    if (first === undefined) throw joinErrors(failuresOf(await members()));
    const failures = [first, second].flatMap((each) => (each === undefined ? [] : (failedWith.get(each) ?? [])));
    if (others.length === 0 && failures.length === 2 && failures.every(isUnanswered))
      throw new BothFailedError(failures);
    return second === undefined ? [first] : [first, second];
  }

  const put = <Schema extends z.ZodMiniType>({ url, heardOf }: Candidate, endpoint: Endpoint, schema: Schema) =>
    ask({ base: url, endpoint, limit: limit(endpoint), heardOf }, schema);

  const config = question('config', configReply);
  const cluster = question('cluster', clusterReply);
  const history = question('history', historyReply);

  const node = once(async () => {
    const answers = await members();
    const answered = answers.filter((answer) => answer.reply !== undefined);
    const view = answered.length > 1 ? bestView(answered, await cluster().catch(() => undefined)) : answered[0];
    if (view === undefined) throw joinErrors(failuresOf(answers));
    return view;
  });

  const leader = once(async (): Promise<LeaderReply | undefined> => {
    const known = await cluster().catch(() => undefined);
    const member = known?.members.find(isLeader);
    if (known === undefined || member === undefined) return undefined;
    const view = await node().catch(() => undefined);
    if (view !== undefined && memberOf(view.url, view.reply, known)?.name === member.name) return undefined;
    const identity =
      view === undefined ? { scope: known.scope ?? null, systemIdentifier: null } : clusterOf(view.reply);
    const same = (await members()).find(({ url }) => isApiOf(url, member));
    if (same?.reply !== undefined) return checked(member, same.url, same.reply, identity);
    if (same?.failure !== undefined) return failed(member, new URL(`${withoutSlash(same.url)}/patroni`), same.failure);
    if (leaderApi === 'never') return { member: member.name, outcome: 'not_asked', error: '--leader-api is never' };
    const [first] = await candidates();
    const asked = view?.url ?? first?.url;
    if (asked === undefined) return undefined;
    return askLeader({ member, asked, cluster: identity }, ask, limit('patroni'));
  });

  return { members, node, config, cluster, history, leader };
}

function failuresOf(answers: readonly Answer[]): CollectError[] {
  return answers.flatMap(({ failure }) => failure ?? []);
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  return () => (answer ??= ask());
}
