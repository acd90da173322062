import { isMembers, lockHolders, streamName } from '../document/members.ts';
import type { Node, StatusDocument } from '../document/schema.ts';
import { isTool } from '../document/strangers.ts';
import { formerLeaders } from '../document/switches.ts';
import { leaderWords, listedStream } from '../document/witnesses.ts';
import { some } from '../text/words.ts';
import type { Remark, Situation } from './check.ts';
import { matches } from './pattern.ts';

type Stream = Node['replication'][number];

/**
 * What streams without being a member: change data capture, a subscriber, Barman, a standby cluster. That is normal, unless it was a member
 * before and is not listed now: then its Patroni is down.
 */
export function strangers(situation: Situation): Remark[] {
  const { document, thresholds } = situation;
  const source = leaderWords(document) ?? document.node;
  if (source == null) return [];
  const streams = source.replication
    .filter(({ application_name: name }) => !isMembers(name, document))
    // a base backup in progress
    .filter(({ state, application_name: name }) => state !== 'backup' && (name === null || !isTool(name)))
    .filter((stream) => !isUnnamedMember(stream, source, document))
    .filter(({ application_name: name }) => !thresholds.ignoreStandbys.some((pattern) => matches(name ?? '', pattern)));
  if (streams.length === 0) return [];
  const known = new Set(knownMembers(situation).map((name) => streamName({ name })));
  const [former, others] = [true, false].map((wanted) =>
    streams.filter(({ application_name: name }) => known.has(name?.toLowerCase() ?? '') === wanted),
  );
  const from = source.name ?? lockHolders(document)[0]?.name ?? 'the node that was asked';
  return [
    ...(former ?? []).map((stream): Remark => ({
      status: 'warning',
      text: `${who(stream)} streams from ${from}, but is no longer listed as a member: its Patroni is down`,
    })),
    ...(others === undefined || others.length === 0
      ? []
      : [{ status: 'ok' as const, text: `also streaming from ${from}, but not members: ${some(others.map(who))}` }]),
  ];
}

/** It says no name of its own (PostgreSQL's default), and comes from the address of a member that the list lacks. */
function isUnnamedMember(
  { application_name: name, client_addr: address }: Stream,
  source: Node,
  { cluster_status: { members } }: StatusDocument,
): boolean {
  if (name !== null && name !== '' && name !== 'walreceiver') return false;
  return members.some(
    (member) => address !== null && member.host === address && listedStream(source, member) === undefined,
  );
}

/** The names of former members, according to Patroni's history and the saved state. */
export function knownMembers({ document, memory }: Situation): string[] {
  const remembered: StatusDocument | undefined = memory?.document;
  return [
    ...formerLeaders(document).map(({ name }) => name),
    ...(memory?.members?.names ?? []),
    ...(remembered?.cluster_status.members ?? []).map(({ name }) => name),
  ];
}

function who({ application_name: name, client_addr: address }: Stream): string {
  return `${name === null || name === '' ? 'a standby without a name' : name}${address === null ? '' : ` (${address})`}`;
}
