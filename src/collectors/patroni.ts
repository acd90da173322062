import type { Cluster, Failover, Node, StatusDocument } from '../document/schema.ts';
import { asCollectError, joinErrors } from '../errors.ts';
import { archives, describeConfig } from '../patroni/describe-config.ts';
import { describeNode } from '../patroni/describe-node.ts';
import { isUnanswered, together } from '../patroni/failures.ts';
import type { LeaderReply } from '../patroni/leader-api.ts';
import type { Answer, Answered } from '../patroni/members.ts';
import type { ConfigReply, HistoryRow } from '../patroni/replies.ts';
import { memberOf } from '../patroni/view.ts';
import { formatLsn } from '../wal/lsn.ts';
import type { Collector } from './collector.ts';

type PatroniPart = Pick<
  StatusDocument,
  | 'cluster_status'
  | 'patroni_archive_enabled'
  | 'patroni_archive_command_set'
  | 'node'
  | 'leader'
  | 'leader_api'
  | 'other_nodes'
  | 'unanswered_urls'
  | 'patroni_config'
  | 'failovers'
>;

/** Enough to see how often the leader changes, and to which timeline the WAL since the last backups belongs. */
const MOST_FAILOVERS = 50;

/** The cluster as Patroni sees it: `/patroni`, `/config`, `/cluster` and `/history`. Each may fail on its own. */
export const patroni: Collector<PatroniPart> = {
  unknown: {
    cluster_status: { members: [] },
    patroni_archive_enabled: null,
    patroni_archive_command_set: null,
    node: null,
    leader: null,
    leader_api: null,
    patroni_config: null,
    failovers: null,
  },

  async collect({ patroni }) {
    // in the order of the requests
    const [config, cluster, history, node, leader] = await Promise.allSettled([
      patroni.config(),
      patroni.cluster(),
      patroni.history(),
      patroni.node(),
      patroni.leader(),
    ]);
    const failures = together(
      [node, config, cluster, history].flatMap((answer) =>
        answer.status === 'rejected' ? [asCollectError(answer.reason)] : [],
      ),
    );
    if ([node, config, cluster, history].every((answer) => answer.status === 'rejected')) throw joinErrors(failures);
    const members = answered(cluster);
    const unanswered = cluster.status === 'rejected' && isUnanswered(cluster.reason);
    return {
      part: {
        cluster_status: members ?? { members: [] },
        ...archiving(answered(config)),
        node: own(answered(node), members, unanswered),
        ...describeLeader(answered(leader)),
        ...describeOthers(await patroni.members(), answered(node), members),
        patroni_config: config.status === 'fulfilled' ? describeConfig(config.value) : null,
        failovers: answered(history)?.slice(-MOST_FAILOVERS).map(describeSwitch) ?? null,
      },
      failures,
    };
  },
};

function answered<Value>(answer: PromiseSettledResult<Value>): Value | undefined {
  return answer.status === 'fulfilled' ? answer.value : undefined;
}

function own(view: Answered | undefined, cluster: Cluster | undefined, unanswered: boolean): Node | null {
  if (view === undefined) return null;
  const node = described(view, cluster);
  return unanswered ? { ...node, cluster_unanswered: true } : node;
}

function described({ url, reply }: Answered, cluster: Cluster | undefined): Node {
  return describeNode(reply, memberOf(url, reply, cluster)?.name);
}

function describeLeader(leader: LeaderReply | undefined): Pick<PatroniPart, 'leader' | 'leader_api'> {
  if (leader === undefined) return { leader: null, leader_api: null };
  const { member, outcome, error, reply } = leader;
  return {
    leader: reply === undefined ? null : describeNode(reply, member),
    leader_api: { member, outcome, error },
  };
}

/** The other members of --patroni-url; nothing if there is only one URL. */
function describeOthers(
  answers: readonly Answer[],
  view: Answered | undefined,
  cluster: Cluster | undefined,
): Pick<PatroniPart, 'other_nodes' | 'unanswered_urls'> {
  if (answers.length < 2 || view === undefined) return {};
  const names = new Set([described(view, cluster).name]);
  // a member may be given twice, as localhost and by its address
  const others = answers
    .filter((answer) => answer.reply !== undefined && answer !== view)
    .flatMap((answer) => (answer.reply === undefined ? [] : [described(answer, cluster)]))
    .filter(({ name }) => name === null || (!names.has(name) && names.add(name)));
  const silent = answers.flatMap(({ url, failure }) =>
    failure === undefined ? [] : [{ url: url.href, error: failure.message }],
  );
  return { other_nodes: others, unanswered_urls: silent };
}

function archiving(
  config: ConfigReply | undefined,
): Pick<PatroniPart, 'patroni_archive_enabled' | 'patroni_archive_command_set'> {
  if (config === undefined) return { patroni_archive_enabled: null, patroni_archive_command_set: null };
  const { enabled, commandSet } = archives(config);
  return { patroni_archive_enabled: enabled, patroni_archive_command_set: commandSet };
}

function describeSwitch(row: HistoryRow): Failover {
  return { ...row, lsn: formatLsn(row.lsn) };
}
