import { asCollectError, type CollectError } from '../errors.ts';
import type { Ask } from './ask.ts';
import { withoutSlash } from './base-url.ts';
import { ClosedError, EndpointError, NoPatroniError } from './failures.ts';
import { nodeReply, type NodeReply } from './replies.ts';

/** The answer of one --patroni-url to `/patroni`. */
export type Answer = Answered | Unanswered;

export interface Answered {
  url: URL;
  reply: NodeReply;
  failure?: undefined;
}

export interface Unanswered {
  url: URL;
  reply?: undefined;
  failure: CollectError;
  /** Patroni may run there nevertheless, and answer requests that do not need its PostgreSQL. */
  present: boolean;
  /** It replied by HTTP, or kept the connection open. */
  heardOf: boolean;
}

/** The time limit (ms) for connecting to one of several members: a host that is down does not even refuse a connection. */
export const LONGEST_CONNECT = 2_000;

/** Asks all members concurrently. The first URL that answers determines the cluster: answers of another cluster are failures. */
export async function askMembers(urls: readonly URL[], ask: Ask, limit: number): Promise<Answer[]> {
  const connectLimit = urls.length > 1 ? LONGEST_CONNECT : undefined;
  const answers = await Promise.all(
    urls.map(async (url): Promise<Answer> => {
      try {
        return {
          url,
          reply: await ask({ base: url, endpoint: 'patroni', limit, connectLimit, heardOf: false }, nodeReply),
        };
      } catch (error) {
        const present = !(error instanceof NoPatroniError);
        return { url, failure: asCollectError(error), present, heardOf: !(error instanceof ClosedError) };
      }
    }),
  );
  const first = answers.find((answer) => answer.reply !== undefined);
  return answers.map((answer) => (answer.reply === undefined ? answer : sameCluster(answer, first?.reply)));
}

function sameCluster(answer: Answered, first: NodeReply | undefined): Answer {
  const difference = first && clusterDifference(answer.reply, clusterOf(first));
  if (difference === undefined) return answer;
  const base = withoutSlash(answer.url);
  const failure = new EndpointError(base, 'patroni', {
    problem: `another cluster answers: ${difference}`,
    met: 'foreign',
  });
  return { url: answer.url, failure, present: false, heardOf: true };
}

/** What identifies a cluster; null = not known. */
export interface ClusterIdentity {
  scope: string | null;
  systemIdentifier: string | null;
}

export function clusterOf({ patroni, database_system_identifier: identifier }: NodeReply): ClusterIdentity {
  return { scope: patroni.scope ?? null, systemIdentifier: identifier ?? null };
}

/** Why the answer is of another cluster, as far as both identities are known. */
export function clusterDifference(reply: NodeReply, { scope, systemIdentifier }: ClusterIdentity): string | undefined {
  const own = clusterOf(reply);
  if (own.scope !== null && scope !== null && own.scope !== scope) return `its scope is ${own.scope}, not ${scope}`;
  if (own.systemIdentifier !== null && systemIdentifier !== null && own.systemIdentifier !== systemIdentifier)
    return `its system identifier is ${own.systemIdentifier}, not ${systemIdentifier}`;
  return undefined;
}
