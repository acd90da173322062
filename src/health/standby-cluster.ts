import { lockHolders } from '../document/members.ts';
import type { Node, StatusDocument } from '../document/schema.ts';
import { isStandbyCluster } from '../document/state.ts';
import { MEMBER_CLOCKS_MAY_DIFFER } from '../document/switches.ts';
import { ownWords, tellsReplication, view } from '../document/witnesses.ts';
import { formatDuration } from '../text/units.ts';
import { moment, pointInTime } from '../text/words.ts';
import { type Check, type Finding, finding } from './check.ts';
import { isSkipped } from './facts.ts';

/** Does a standby cluster keep up with its source? Either its leader streams, or the last transaction that it replayed is recent. */
export const standbyCluster: Check = ({ document, thresholds }) => {
  if (isSkipped(document, 'patroni') || !isStandbyCluster(document)) return undefined;
  const [holder] = lockHolders(document);
  if (holder === undefined) return finding('ok', 'not judged: no member is the leader (see leader)');
  const { state } = view(holder, document);
  const own = ownWords(holder, document);
  const most = thresholds.standbyAgeMax;
  const age = replayedAge(document, own);
  const measured = { ...(age !== undefined && age >= 0 && { value: Math.round(age) }), unit: 'seconds' };
  return { ...judge(), ...measured, critical: most / 1000 };

  function judge(): Finding {
    const name = holder?.name ?? '';
    const streams = state === 'streaming';
    if (streams && isCaughtUp(own)) return finding('ok', `${name} streams from the cluster that it follows`);
    // a leader that is down is judged by `leader`
    if (!streams && state !== 'in archive recovery' && state !== 'running')
      return finding('ok', `not judged: ${name} does not run (see leader)`);
    const how = streams
      ? `${name} streams from the cluster that it follows, but has not replayed all that it received`
      : `${name} ${tellsReplication(document) ? `does not stream from the cluster that it follows (${state === 'running' ? 'it runs, but does not replicate' : state})` : 'runs'}`;
    const idle = state === 'running' && tellsReplication(document);
    if (age === undefined) {
      // a document of an older version does not have the time
      const untold = own?.replayed_timestamp === undefined || !tellsReplication(document);
      const status = idle ? 'warning' : streams || untold ? 'ok' : 'unknown';
      return finding(status, `${how}; the age of its last transaction is not known`);
    }
    if (age < -MEMBER_CLOCKS_MAY_DIFFER / 1000)
      return finding(
        'unknown',
        `${how}, and its last transaction is ${formatDuration(-age)} in the future (${pointInTime((document.current_timestamp - age) * 1000)}): check the clocks of both hosts`,
      );
    const old = `its last transaction is ${formatDuration(Math.max(0, age))} old`;
    if (age * 1000 > most)
      return finding(
        'critical',
        `${how}, and ${old}, more than ${formatDuration(most / 1000)} (--standby-age-max): ${streams ? 'its replay is blocked or paused' : 'either it cannot reach its source, or nothing was committed there'}`,
      );
    return idle
      ? finding('warning', `${how}; ${old}`)
      : finding('ok', `${how}; ${old}, at most ${formatDuration(most / 1000)}`);
  }
};

/** It has replayed everything that it received, as far as it reports the positions. */
function isCaughtUp(own: Node | undefined): boolean {
  return own?.received_lsn == null || own.replayed_lsn == null || own.received_lsn === own.replayed_lsn;
}

/** The age in seconds of the last transaction that the cluster replayed, according to its leader, else to the nodes that were asked. */
function replayedAge({ node, other_nodes: others, current_timestamp: now }: StatusDocument, own: Node | undefined) {
  const told = own === undefined ? [node, ...(others ?? [])] : [own];
  const times = told.flatMap((asked) => moment(asked?.replayed_timestamp) ?? []);
  return times.length === 0 ? undefined : now - Math.max(...times) / 1000;
}
