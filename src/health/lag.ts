import type { Member, StatusDocument } from '../document/schema.ts';
import { formatBytes } from '../text/units.ts';
import type { Check, Remark, Situation } from './check.ts';
import { conclude } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { view } from '../document/members.ts';
import { replicasOf } from './replicas.ts';
import { isInState, list } from '../text/words.ts';

const MEBIBYTE = 1024 * 1024;

/** How far is each replica behind the leader? */
export const lag: Check = (situation) => {
  const { document } = situation;
  if (isSkipped(document, 'patroni')) return undefined;
  if (document.cluster_status.members.length === 0) return notKnown(document, 'patroni', 'lag');
  const standbys = replicasOf(document);
  const { most, whose } = limit(situation);
  const lags = standbys.map((member) => ({ member, bytes: knownLag(member, document) }));
  const known = lags.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  const remarks: Remark[] = [];
  for (const { member, bytes } of lags) {
    if (bytes === undefined)
      remarks.push({ status: 'unknown', text: `${member.name}'s lag is not known${why(member, document)}` });
    else if (bytes > most)
      remarks.push({
        status: 'warning',
        text: `${member.name} is ${formatBytes(bytes)} behind, more than ${formatBytes(most)} (${whose})`,
      });
  }
  if (remarks.length === 0)
    remarks.push({
      status: 'ok',
      text: lags.length === 0 ? 'no replica that could lag' : allWell(lags, `${formatBytes(most)} (${whose})`),
    });
  return conclude(remarks, {
    ...(known.length > 0 && { value: Math.max(...known) }),
    unit: 'bytes',
    warning: most,
  });
};

function limit({ document, thresholds }: Situation): { most: number; whose: string } {
  if (thresholds.lagMax !== undefined) return { most: thresholds.lagMax, whose: 'the limit that was set' };
  const own = document.patroni_config?.maximum_lag_on_failover;
  if (own != null) return { most: own, whose: "the cluster's maximum_lag_on_failover" };
  return { most: MEBIBYTE, whose: "assumed, for the cluster's maximum_lag_on_failover is not known" };
}

/** "unknown" is not 0, and neither is the number of /cluster for a replica that says itself that it is down. */
function knownLag(member: Member, { node }: StatusDocument): number | undefined {
  const { own } = view(member, node);
  if (own && node?.state !== 'running') return undefined;
  return typeof member.lag === 'number' ? member.lag : undefined;
}

function why(member: Member, { node }: StatusDocument): string {
  const { state } = view(member, node);
  return state === 'unknown' ? ' (its PostgreSQL does not answer)' : ` (it ${isInState(state)})`;
}

function allWell(lags: readonly { member: Member; bytes: number | undefined }[], most: string): string {
  const each = lags.map(({ member, bytes = 0 }) => `${member.name} ${formatBytes(bytes)}`);
  return `behind the leader: ${list(each)}; at most ${most}`;
}
