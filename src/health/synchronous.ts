import { lockHolders } from '../document/members.ts';
import type { Member, Node, StatusDocument } from '../document/schema.ts';
import { isStandbyCluster } from '../document/state.ts';
import { switchUnderWay } from '../document/switches.ts';
import { isUnlisted, leaderWords, listedStream, listsStreams, view } from '../document/witnesses.ts';
import { formatDuration } from '../text/units.ts';
import { list } from '../text/words.ts';
import { type Check, type Finding, finding } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** Is there a synchronous standby if Patroni is configured to keep one, and do commits return? */
export const synchronous: Check = ({ document }) => {
  const { patroni_config: config, cluster_status: cluster } = document;
  if (isSkipped(document, 'patroni') || config === undefined || isStandbyCluster(document)) return undefined;
  const claimed = cluster.members.filter(({ role }) => role === 'sync_standby' || role === 'quorum_standby');
  if (config === null && claimed.length === 0) return notKnown(document, 'patroni', 'synchronous_mode');
  if (config !== null && !isSynchronous(config.synchronous_mode)) return undefined;
  if (cluster.members.length === 0) return notKnown(document, 'patroni', 'synchronous standbys');
  const [holder] = lockHolders(document);
  if (holder === undefined) return finding('ok', 'not judged: no member is the leader (see leader)');
  const facts: Facts = {
    holder,
    claimed,
    wanted: Math.max(1, config?.synchronous_node_count ?? 1),
    strict: config?.synchronous_mode_strict === true,
  };
  const leader = leaderWords(document);
  const found =
    leader !== undefined && listsStreams(leader) ? byItsList(leader, facts, document) : byTheCluster(facts, document);
  return { ...settled(found, document), value: found.synchronous, unit: 'members' };
};

/** Patroni accepts on, true, yes and 1 in upper or lower case, and quorum (from Patroni 4 on). */
function isSynchronous(mode: boolean | string | null): boolean {
  return mode === true || /^(on|true|yes|1|quorum)$/i.test(String(mode));
}

interface Facts {
  holder: Member;
  /** The synchronous standbys according to /cluster: PostgreSQL on the leader waits for them. */
  claimed: readonly Member[];
  /** synchronous_node_count */
  wanted: number;
  strict: boolean;
}

interface Found extends Pick<Finding, 'status'> {
  reason: string;
  synchronous: number;
}

/** PostgreSQL acknowledges a commit when the wanted number of the standbys that Patroni chose have it. */
function byItsList(leader: Node, { holder, claimed, wanted, strict }: Facts, document: StatusDocument): Found {
  const confirming = leader.replication.filter(
    ({ state, sync_state: sync }) => state === 'streaming' && (sync === 'sync' || sync === 'quorum'),
  );
  const names = confirming.map(({ application_name: name }) => name ?? 'a standby without a name');
  const result = (status: Found['status'], reason: string) => ({ status, reason, synchronous: confirming.length });
  const gone = claimed.filter((member) => isGone(leader, member, document)).map(({ name }) => name);
  const needed = Math.min(wanted, claimed.length);
  if (gone.length > 0 && confirming.length < needed)
    return result(
      'critical',
      `commits hang: ${holder.name} waits for ${list(gone)}, which ${gone.length === 1 ? 'does' : 'do'} not stream from it${whatEnds(strict, claimed.length - gone.length)}`,
    );
  if (confirming.length === 0)
    return strict
      ? result('critical', `commits hang: no standby is synchronous, and synchronous_mode_strict is on`)
      : result('warning', `no standby is synchronous: commits are only on ${holder.name}`);
  if (confirming.length < wanted)
    return result(
      'warning',
      `only ${confirming.length} of ${wanted} synchronous standbys (synchronous_node_count): ${list(names)}`,
    );
  return result('ok', `${list(names)} ${names.length === 1 ? 'is' : 'are'} synchronous according to ${holder.name}`);
}

/** It does not stream from the leader: either it is not connected, or it is still catching up. */
function isGone(leader: Node, member: Member, document: StatusDocument): boolean {
  const stream = listedStream(leader, member);
  return stream === undefined ? isUnlisted(leader, member, document) : stream.state !== 'streaming';
}

/** Patroni removes a dead standby from the list within the ttl, unless strict mode leaves no other standby. */
function whatEnds(strict: boolean, left: number): string {
  return strict && left === 0
    ? ', and synchronous_mode_strict is on'
    : ' (until Patroni chooses another, which can take up to the ttl)';
}

/** The leader itself did not answer: this relies on /cluster, which may lag behind. */
function byTheCluster({ holder, claimed, wanted, strict }: Facts, document: StatusDocument): Found {
  const streaming = claimed.filter((member) => ['streaming', 'running'].includes(view(member, document).state));
  const names = list(claimed.map(({ name }) => name));
  const result = (status: Found['status'], reason: string) => ({ status, reason, synchronous: streaming.length });
  if (claimed.length === 0)
    return strict
      ? result(
          'critical',
          `commits hang: no standby is synchronous according to /cluster, and synchronous_mode_strict is on`,
        )
      : result('warning', `no standby is synchronous according to /cluster: commits are only on ${holder.name}`);
  const up = new Set(streaming);
  const down = claimed.filter((member) => !up.has(member)).map(({ name }) => name);
  if (streaming.length < Math.min(wanted, claimed.length))
    return result(
      'critical',
      `commits hang: ${holder.name} waits for ${list(down)}, which ${down.length === 1 ? 'does' : 'do'} not stream`,
    );
  if (streaming.length < wanted)
    return result(
      'warning',
      `only ${streaming.length} of ${wanted} synchronous standbys (synchronous_node_count): ${names}`,
    );
  return result('ok', `${names} ${claimed.length === 1 ? 'is' : 'are'} synchronous according to /cluster`);
}

/** Right after a failover or switchover Patroni has not chosen the synchronous standbys yet: that is a warning. */
function settled({ status, reason }: Found, document: StatusDocument): Finding {
  const young = switchUnderWay(document);
  if (status === 'ok' || young === undefined) return finding(status, reason);
  return finding(
    'warning',
    `the leader changed ${formatDuration(young.age)} ago, and Patroni has yet to choose its synchronous standbys: ${reason}`,
  );
}
