import type { LeaderAnswer, Member } from '../document/schema.ts';
import { isAtLeast } from '../document/members.ts';
import { asCollectError, type CollectError } from '../errors.ts';
import type { Ask } from './ask.ts';
import { EndpointError, NoAnswerError } from './failures.ts';
import { clusterDifference, LONGEST_CONNECT, type ClusterIdentity } from './members.ts';
import { nodeReply, type NodeReply } from './replies.ts';

/** The leader's own status, or why it is not known. */
export interface LeaderReply extends LeaderAnswer {
  /** undefined = it did not answer. */
  reply?: NodeReply;
}

/** The leader according to /cluster, and the member that answered /cluster. */
export interface Leader {
  member: Member;
  /** The URL of the member that answered. */
  asked: URL;
  /** Its cluster. */
  cluster: ClusterIdentity;
}

/** Requests `/patroni` from the leader at its api_url. Never rejected. */
export async function askLeader({ member, asked, cluster }: Leader, ask: Ask, limit: number): Promise<LeaderReply> {
  const url = usableApiUrl(member.api_url, asked);
  if (typeof url === 'string') return { member: member.name, outcome: 'not_asked', error: url };
  const base = new URL(url.href.replace(/\/patroni\/?$/, ''));
  const connectLimit = Math.min(LONGEST_CONNECT, limit);
  try {
    const reply = await ask({ base, endpoint: 'patroni', url, limit, connectLimit, heardOf: false }, nodeReply);
    return checked(member, url, reply, cluster);
  } catch (error) {
    return failed(member, url, asCollectError(error));
  }
}

/** The URL to request, or the reason why it is not requested, as a sentence. */
export function usableApiUrl(api: string | null | undefined, asked: URL): URL | string {
  if (!api) return '/cluster does not give its api_url';
  if (!URL.canParse(api)) return 'its api_url in /cluster is not a URL with a host name';
  const url = new URL(api);
  if (!/^https?:$/.test(url.protocol)) return `its api_url in /cluster is neither http nor https`;
  if (url.username !== '' || url.password !== '') return 'its api_url in /cluster contains a user name or password';
  if (isUnspecified(url)) return `its api_url in /cluster, ${url.href}, has no host`;
  if (isLoopback(url) && !isLoopback(asked))
    return `its api_url in /cluster, ${url.href}, is a loopback address, but ${asked.host} was asked`;
  if (url.protocol === 'http:' && asked.protocol === 'https:')
    return `its api_url in /cluster, ${url.href}, is http, but ${asked.host} was asked by https`;
  return url;
}

/** URL normalizes addresses: 127.1 becomes 127.0.0.1, and ::ffff:127.0.0.1 becomes ::ffff:7f00:1. */
function isLoopback({ hostname }: URL): boolean {
  return /^(127\.|localhost\.?$|.*\.localhost\.?$|\[::1\]$|\[::ffff:7f[0-9a-f]{2}:)/i.test(hostname);
}

/** Connecting to the unspecified address connects to the local host. */
function isUnspecified({ hostname }: URL): boolean {
  return /^(0\.0\.0\.0|\[::\]|\[::ffff:0:0\])$/.test(hostname);
}

/** Checks that the answer is the leader's: its address may now belong to another host, and its port to another cluster. */
export function checked(member: Member, url: URL, reply: NodeReply, cluster: ClusterIdentity): LeaderReply {
  const difference = memberDifference(member, reply) ?? missing(reply, cluster) ?? clusterDifference(reply, cluster);
  if (difference === undefined) return { member: member.name, outcome: 'answered', error: null, reply };
  return { member: member.name, outcome: 'foreign', error: `${url.href}: something else answers there: ${difference}` };
}

function memberDifference({ name }: Member, { patroni }: NodeReply): string | undefined {
  if (patroni.name != null) return patroni.name === name ? undefined : `its name is ${patroni.name}, not ${name}`;
  return patroni.version != null && isAtLeast(patroni.version, 3, 2) ? 'it does not say its name' : undefined;
}

function missing(reply: NodeReply, { scope, systemIdentifier }: ClusterIdentity): string | undefined {
  if (scope !== null && reply.patroni.scope == null) return 'it does not say its scope';
  if (systemIdentifier !== null && reply.database_system_identifier == null)
    return 'it does not say its system identifier';
  return undefined;
}

/** Describes a failure without its advice, which is about --patroni-url. */
export function failed(member: Member, url: URL, failure: CollectError): LeaderReply {
  const { name } = member;
  if (failure instanceof EndpointError)
    return { member: name, outcome: failure.met, error: `${url.href}: ${failure.problem}` };
  if (failure instanceof NoAnswerError) return { member: name, outcome: 'timed_out', error: failure.message };
  return { member: name, outcome: 'foreign', error: failure.message };
}
