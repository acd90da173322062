import { leaderSilence } from './contact.ts';
import { isLeader, leads } from './members.ts';
import { perObject } from './per-object.ts';
import type { Member, StatusDocument } from './schema.ts';
import { leaderTimeline, livesOnArchive, ownWords, replicationOf, view } from './witnesses.ts';

/** The members that are not the leader, neither according to /cluster nor to their own /patroni. */
export const replicasOf = perObject((document: StatusDocument): readonly Member[] =>
  document.cluster_status.members.filter((member) => {
    if (isLeader(member)) return false;
    const own = ownWords(member, document);
    return !(own && leads(own.role) && own.state === 'running');
  }),
);

/** Whether the member is healthy: it runs, is on the leader's timeline, and a replica replicates as configured. */
export function isFit(member: Member, document: StatusDocument): boolean {
  const seen = view(member, document);
  // /cluster shows a running leader without a timeline when its PostgreSQL is gone (recorded: test/fixtures/patroni, s5_paused_leader_down_t0)
  if (seen.timeline === undefined) return false;
  const expected = leaderTimeline(document);
  if (expected !== undefined && seen.timeline !== expected) return false;
  if (member.role === 'leader') return seen.state === 'running' && leaderSilence(document)?.streams !== false;
  const replication = replicationOf(seen, document);
  return (
    replication === 'streams' || (replication === 'archive' && (isLeader(member) || livesOnArchive(member, document)))
  );
}
