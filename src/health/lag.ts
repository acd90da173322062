import { replicasOf } from '../document/fitness.ts';
import { isBarred, isNostream } from '../document/members.ts';
import type { Member, Node, StatusDocument } from '../document/schema.ts';
import { setting } from '../document/state.ts';
import { ownWords, view } from '../document/witnesses.ts';
import { parseLsn } from '../wal/lsn.ts';
import { formatBytes, formatDuration } from '../text/units.ts';
import { list, moment } from '../text/words.ts';
import { type Check, conclude, type Remark, type Situation } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** How far is each replica behind the leader in receiving WAL and in replaying it? */
export const lag: Check = (situation) => {
  const { document } = situation;
  if (isSkipped(document, 'patroni')) return undefined;
  if (document.cluster_status.members.length === 0) return notKnown(document, 'patroni', 'lag');
  const standbys = replicasOf(document);
  // a replica that is down or just being copied is judged by `replicas`: its lag follows from that
  const running = standbys.filter((member) => RUNNING.includes(view(member, document).state));
  const { most, whose } = limit(situation);
  const limited = `${formatBytes(most)} (${whose})`;
  const remarks = running
    .flatMap((member) => [received(member, situation, most, limited), replayed(member, situation)])
    .filter((remark) => remark !== undefined);
  const known = running.flatMap(({ lag: bytes }) => (typeof bytes === 'number' ? [bytes] : []));
  if (remarks.length === 0) remarks.push({ status: 'ok', text: allWell(standbys, running, limited) });
  return conclude(remarks, {
    ...(known.length > 0 && { value: Math.max(...known) }),
    unit: 'bytes',
    warning: most,
  });
};

const RUNNING = ['running', 'streaming', 'in archive recovery'];

function limit({ document, thresholds }: Situation): { most: number; whose: string } {
  if (thresholds.lagMax !== undefined) return { most: thresholds.lagMax, whose: '--lag-max' };
  const { value, assumed } = setting(document, 'maximum_lag_on_failover');
  return {
    most: value,
    whose: assumed
      ? 'the default of maximum_lag_on_failover; the configuration is not known'
      : 'maximum_lag_on_failover',
  };
}

function received(member: Member, { thresholds }: Situation, most: number, limited: string): Remark | undefined {
  const { name, lag: bytes } = member;
  // it reads WAL from the archive, so it may be a whole segment behind at any time
  if (isNostream(member)) return undefined;
  if (typeof bytes !== 'number') return { status: 'unknown', text: `${name}'s lag is not known` };
  // maximum_lag_on_failover does not apply to a member that may not take over
  if (bytes <= most || (isBarred(member) && thresholds.lagMax === undefined)) return undefined;
  return { status: 'warning', text: `${name} is ${formatBytes(bytes)} behind, more than ${limited}` };
}

/** Patroni 4.1 reports in /cluster how far each member has replayed; only the member's own /patroni reports whether replay is paused. */
function replayed(member: Member, { document, thresholds }: Situation): Remark | undefined {
  const { name } = member;
  const own = ownWords(member, document);
  const behind = replayLag(member, own);
  const most = thresholds.replayLagMax;
  if (own?.replay_paused === true) {
    const distance = behind === undefined ? '' : `, ${formatBytes(behind)} behind${age(own, document)}`;
    return {
      status: 'warning',
      text: `replay is paused on ${name}${distance}: to resume it, run SELECT pg_wal_replay_resume() there`,
    };
  }
  if (behind === undefined || behind <= most || isNostream(member)) return undefined;
  return {
    status: 'warning',
    text: `${name} has received but not replayed ${formatBytes(behind)} of WAL, more than ${formatBytes(most)} (--replay-lag-max)${age(own, document)}: a query or a lock blocks replay, replay is paused, or recovery_min_apply_delay is set`,
  };
}

/** Bytes that it has received but not replayed; how far it is behind in receiving has a limit of its own. */
function replayLag(member: Member, own: Node | undefined): number | undefined {
  const told = member['replay_lag'];
  if (typeof told === 'number') return Math.max(0, told - (typeof member.lag === 'number' ? member.lag : 0));
  if (own?.received_lsn == null || own.replayed_lsn == null) return undefined;
  const [got, done] = [parseLsn(own.received_lsn), parseLsn(own.replayed_lsn)];
  return got === undefined || done === undefined ? undefined : Number(got > done ? got - done : 0n);
}

/** The age of the last transaction that it replayed, if its own /patroni reports it. */
function age(own: Node | undefined, document: StatusDocument): string {
  const time = moment(own?.replayed_timestamp);
  const seconds = time === undefined ? 0 : document.current_timestamp - time / 1000;
  return seconds < 1 ? '' : `, its last transaction is ${formatDuration(seconds)} old`;
}

function allWell(standbys: readonly Member[], running: readonly Member[], limited: string): string {
  if (standbys.length === 0) return 'there is no replica';
  if (running.length === 0) return 'no replica is running, so no lag can be measured (see replicas)';
  const each = running.map((member) => {
    const { name, lag: bytes } = member;
    const note = isNostream(member) || isBarred(member) ? ' (may not take over)' : '';
    return `${name} ${typeof bytes === 'number' ? formatBytes(bytes) : 'unknown'}${replays(member)}${note}`;
  });
  return `lag behind the leader: ${list(each)}; the limit is ${limited}`;
}

function replays({ lag: bytes, replay_lag: replay }: Member): string {
  return typeof replay === 'number' && typeof bytes === 'number' && replay > bytes
    ? ` (replay ${formatBytes(replay)} behind)`
    : '';
}
