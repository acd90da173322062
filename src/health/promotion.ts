import { isCandidate } from '../document/members.ts';
import { replicasOf } from '../document/fitness.ts';
import type { Member, StatusDocument } from '../document/schema.ts';
import { setting } from '../document/state.ts';
import { view } from '../document/witnesses.ts';
import { formatBytes, formatDuration } from '../text/units.ts';
import { some } from '../text/words.ts';
import type { Remark, Situation } from './check.ts';

/** Seconds. A bulk load puts all replicas behind for a short time. */
const LASTING = 300;

/** Patroni promotes no replica that is further behind than maximum_lag_on_failover: do all that it could promote exceed it? */
export function tooFarBehind({ document, memory }: Situation, fit: readonly Member[]): Remark[] {
  const limit = failoverLimit(document);
  if (limit === undefined || !fit.some((member) => isBeyond(member, limit))) return [];
  const behind = fit.filter(isCandidate);
  if (behind.length === 0 || !behind.every((member) => isBeyond(member, limit))) return [];
  const since = memory?.no_candidate_since;
  const lasts = since === undefined ? 0 : document.current_timestamp - since;
  const each = some(behind.map(({ name, lag }) => `${name} ${formatBytes(Number(lag))}`));
  return [
    {
      status: lasts >= LASTING ? 'critical' : 'warning',
      text: `no replica could take over${lasts >= 1 ? ` for ${formatDuration(lasts)} now` : ' now'}: each is more than ${formatBytes(limit)} (maximum_lag_on_failover) behind: ${each}`,
    },
  ];
}

/** Whether every running replica exceeds maximum_lag_on_failover; --state saves since when. */
export function isNobodyPromotable(document: StatusDocument): boolean {
  const limit = failoverLimit(document);
  const running = replicasOf(document).filter(
    (member) =>
      isCandidate(member) && ['streaming', 'in archive recovery', 'running'].includes(view(member, document).state),
  );
  return limit !== undefined && running.length > 0 && running.every((member) => isBeyond(member, limit));
}

/** maximum_lag_on_failover in bytes; undefined if the configuration is not known. */
function failoverLimit(document: StatusDocument): number | undefined {
  const { value, assumed } = setting(document, 'maximum_lag_on_failover');
  return assumed ? undefined : value;
}

function isBeyond({ lag }: Member, limit: number): boolean {
  return typeof lag === 'number' && lag > limit;
}
