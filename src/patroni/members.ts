import { asCollectError, type CollectError } from '../errors.ts';
import type { Ask } from './ask.ts';
import { withoutSlash } from './base-url.ts';
import { ClosedError, EndpointError, NoPatroniError } from './failures.ts';
import { nodeReply, type NodeReply } from './replies.ts';

/** What one --patroni-url answered to `/patroni`. */
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
  /** A Patroni is there nevertheless, and may answer what it need not ask its PostgreSQL for. */
  present: boolean;
  /** It spoke HTTP, or kept the connection open. */
  heardOf: boolean;
}

/** Connecting to one of several members may not keep the others waiting, ms: a host that is down answers nothing at all. */
export const LONGEST_CONNECT = 2_000;

/** Asks all members side by side. The first one that answers says which cluster it is: answers of another cluster do not count. */
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

/** What tells one cluster from another; null = not known. */
export interface ClusterIdentity {
  scope: string | null;
  systemIdentifier: string | null;
}

export function clusterOf({ patroni, database_system_identifier: identifier }: NodeReply): ClusterIdentity {
  return { scope: patroni.scope ?? null, systemIdentifier: identifier ?? null };
}

/** How the member that answered shows itself to be of another cluster, as far as both say what they are of. */
export function clusterDifference(reply: NodeReply, { scope, systemIdentifier }: ClusterIdentity): string | undefined {
  const own = clusterOf(reply);
  if (own.scope !== null && scope !== null && own.scope !== scope) return `its scope is ${own.scope}, not ${scope}`;
  if (own.systemIdentifier !== null && systemIdentifier !== null && own.systemIdentifier !== systemIdentifier)
    return `its system identifier is ${own.systemIdentifier}, not ${systemIdentifier}`;
  return undefined;
}
