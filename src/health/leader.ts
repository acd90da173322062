import { leaderSilence, type Silence } from '../document/contact.ts';
import { leads, lockHolders } from '../document/members.ts';
import type { Member, Node, StatusDocument } from '../document/schema.ts';
import { isPaused, setting } from '../document/state.ts';
import { ownWords, view } from '../document/witnesses.ts';
import { isInState, list } from '../text/words.ts';
import { type Check, type Finding, finding } from './check.ts';
import { isLockLost } from './dcs.ts';
import { isSkipped, notKnown } from './facts.ts';

/** Is exactly one member the leader, and does its PostgreSQL run? */
export const leader: Check = ({ document }) => {
  if (isSkipped(document, 'patroni')) return undefined;
  const { node, cluster_status: cluster } = document;
  if (cluster.members.length === 0)
    return node ? judgeByItself(node, document) : notKnown(document, 'patroni', 'leader');
  const [holder, ...others] = lockHolders(document);
  if (holder === undefined) return judgeUnheld(document);
  if (others.length > 0)
    return critical(
      `${1 + others.length} members are leader according to /cluster: ${list([holder, ...others].map(({ name }) => name))}`,
    );
  return judgeHolder(holder, document);
};

/** There is no member list: the node that was asked reports only on itself. */
function judgeByItself(node: Node, document: StatusDocument): Finding {
  if (!leads(node.role)) {
    const what = `the node that was asked (${node.role}, ${node.state}) is not the leader; the current leader is`;
    const unknown = notKnown(document, 'patroni', what);
    return isLockLost(document)
      ? {
          ...unknown,
          reasons: [
            ...unknown.reasons,
            'most likely there is none: without the DCS no member can hold the leader lock',
          ],
        }
      : unknown;
  }
  if (node.state !== 'running') return critical(`${named(node)} is ${node.role}, but ${stateOf(node.state)}`);
  return finding(
    'ok',
    `${named(node)} is the leader (${node.role}, running) according to its own /patroni; there is no member list to compare with`,
  );
}

/** The member list has no leader. */
function judgeUnheld(document: StatusDocument): Finding {
  const { node, cluster_status: cluster } = document;
  const claims = node !== null && node !== undefined && leads(node.role);
  if (claims && node.state === 'running' && !node.cluster_unlocked)
    return finding(
      'ok',
      `${named(node)} is the leader (${node.role}, running) according to its own /patroni; /cluster, which may lag behind, lists no leader`,
    );
  const itself = claims
    ? ` (${named(node)} is ${node.role} according to its own /patroni, and ${stateOf(node.state)})`
    : '';
  const cause = isPaused(document)
    ? 'Patroni is paused and does not promote another'
    : 'normal for seconds during a switchover or failover; if it lasts, no member can be promoted';
  const { length } = cluster.members;
  const nobody = length === 1 ? 'the only member does not hold' : `none of the ${length} members holds`;
  return critical(`${nobody} the leader lock${itself}: ${cause}`);
}

function judgeHolder(holder: Member, document: StatusDocument): Finding {
  const { state, timeline } = view(holder, document);
  const own = ownWords(holder, document);
  if (own !== undefined && own.state !== 'running')
    return critical(
      `${holder.name} holds the leader lock, but ${stateOf(own.state)} according to its own /patroni (${own.role})`,
    );
  if (own !== undefined && !leads(own.role) && !(holder.role === 'standby_leader' && own.role === 'replica'))
    return critical(
      `${holder.name} holds the leader lock, but is ${own.role} according to its own /patroni: its PostgreSQL is in recovery and accepts no writes; normal for seconds during a switchover, failover or restart`,
    );
  const another = anotherLeader(holder, timeline, document);
  if (another !== undefined)
    return critical(
      `two leaders: ${named(another)} is ${another.role} and runs according to its own /patroni, and ${holder.name} holds the leader lock: normal for seconds during a switchover; if it lasts, both may accept writes`,
    );
  if (own === undefined) {
    if (!RUNNING.includes(state)) return critical(`${holder.name} holds the leader lock, but ${stateOf(state)}`);
    if (timeline === undefined)
      return critical(
        `${holder.name} holds the leader lock and is listed as ${state}, but without a timeline: its PostgreSQL is down, or has just started`,
      );
  }
  const silence = leaderSilence(document);
  if (silence !== undefined) return judgeSilence(silence, document);
  const where = timeline === undefined ? '' : ` on timeline ${timeline}`;
  const what = holder.role === 'standby_leader' ? 'standby leader' : 'leader';
  return finding(
    'ok',
    `${holder.name} is the ${what} and runs${where}${own === undefined ? '' : ', according to its own /patroni'}`,
  );
}

/** Another member that claims to be the leader. Before 3.2 /patroni has no name, so the timeline is compared. */
function anotherLeader(holder: Member, timeline: number | undefined, document: StatusDocument): Node | undefined {
  const { node, other_nodes: others } = document;
  return [node, ...(others ?? [])]
    .filter((asked) => asked != null)
    .find((asked) => asked.state === 'running' && leads(asked.role) && isAnother(asked, holder, timeline));
}

/** A former leader is on an older timeline; a new leader may be on a newer timeline than /cluster knows yet. */
function isAnother(asked: Node, holder: Member, timeline: number | undefined): boolean {
  return asked.name === null ? (asked.timeline ?? Infinity) < (timeline ?? 0) : asked.name !== holder.name;
}

const HAPPENED: Readonly<Record<Silence['outcome'], string>> = {
  not_asked: 'its API was not asked',
  refused: 'its API refuses connections',
  closed: 'its API closes connections without an answer',
  timed_out: 'its API does not answer in time',
  unreachable: 'its API cannot be reached from here',
  foreign: 'something else answers at the URL of its API',
};

/** The leader did not answer. Replicas that stream from it prove that its PostgreSQL runs. */
function judgeSilence(silence: Silence, document: StatusDocument): Finding {
  const { member, outcome, streams, tellers } = silence;
  const holds = `${member} holds the leader lock, but ${HAPPENED[outcome]}`;
  const error = silence.error === null ? '' : ` (${silence.error})`;
  const replicas = list(tellers);
  if (streams === false) {
    const lost = `${holds}, and ${replicas} no longer ${tellers.length === 1 ? 'streams' : 'stream'} from it`;
    if (outcome === 'not_asked')
      return finding('unknown', `${lost}: it is not known whether its PostgreSQL runs${error}`);
    return critical(`${lost}: ${foretell(document)}${error}`);
  }
  if (streams === undefined)
    return finding(
      'unknown',
      `${holds}, and no replica that was asked shows whether its PostgreSQL runs${never(outcome)}${error}`,
    );
  const runs = `while ${replicas} ${tellers.length === 1 ? 'streams' : 'stream'} from it`;
  if (outcome === 'refused' || outcome === 'closed')
    return finding(
      'warning',
      `${holds} ${runs}: its PostgreSQL runs, and its Patroni is restarting or down${splitBrain(document)}${error}`,
    );
  return finding('warning', `${holds} ${runs}: its PostgreSQL runs${never(outcome)}${error}`);
}

/** During a pause no member takes over; otherwise the leader lock has to expire first. */
function foretell(document: StatusDocument): string {
  if (isPaused(document)) return 'Patroni is paused and does not promote another';
  return `a failover can take up to the ttl, ${setting(document, 'ttl').value} s`;
}

function splitBrain(document: StatusDocument): string {
  if (isPaused(document)) return '';
  return `; if Patroni stays down, another member takes over within ${setting(document, 'ttl').value} s, and both may accept writes`;
}

function never(outcome: Silence['outcome']): string {
  const unreachable = outcome === 'timed_out' || outcome === 'unreachable';
  return unreachable ? ' (if it can never be reached from here, give --leader-api never)' : '';
}

/** The state of a standby leader also says how it replicates (from Patroni 3.0.4 on). */
const RUNNING = ['running', 'streaming', 'in archive recovery'];

function stateOf(state: string): string {
  if (state === 'unknown') return 'its PostgreSQL does not answer';
  return `its PostgreSQL ${isInState(state)}`;
}

function named(node: Node): string {
  return node.name ?? 'the node that was asked';
}

function critical(reason: string): Finding {
  return finding('critical', reason);
}
