import { isRestartPending, pendingChanges, plannedRestart, plannedSwitchover } from '../document/plans.ts';
import type { Member, StatusDocument } from '../document/schema.ts';
import { isPaused } from '../document/state.ts';
import { moment, pointInTime, some } from '../text/words.ts';
import { type Check, conclude, type Remark } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** Is Patroni paused, and which switchovers and restarts are planned? */
export const maintenance: Check = ({ document }) => {
  if (isSkipped(document, 'patroni')) return undefined;
  const { node, cluster_status: cluster } = document;
  if (cluster.members.length === 0 && !node) return notKnown(document, 'patroni', 'maintenance');
  const remarks: Remark[] = [
    isPaused(document)
      ? { status: 'warning', text: 'Patroni is paused: no replica takes over if the leader fails' }
      : { status: 'ok', text: 'not paused' },
    ...plans(document).map((text) => ({ status: 'ok' as const, text })),
  ];
  return conclude(remarks);
};

function plans(document: StatusDocument): string[] {
  const { node, cluster_status: cluster } = document;
  return [
    ...switchover(document),
    ...cluster.members.map(restart).filter((plan) => plan !== undefined),
    ...cluster.members
      .filter((member) => isRestartPending(member, document))
      .map((member) => pending(member, document)),
    ...(cluster.members.length === 0 && node?.pending_restart
      ? [`${node.name ?? 'the node that was asked'} must be restarted for a setting to take effect`]
      : []),
  ];
}

function switchover(document: StatusDocument): string[] {
  const plan = plannedSwitchover(document);
  if (plan === undefined) return [];
  const from = plan.from === undefined ? '' : ` from ${plan.from}`;
  const to = plan.to === undefined ? '' : ` to ${plan.to}`;
  return [`a switchover${from}${to} is scheduled for ${shown(plan.at)}`];
}

function restart(member: Member): string | undefined {
  const time = plannedRestart(member);
  return time === undefined ? undefined : `a restart of ${member.name} is scheduled for ${shown(time)}`;
}

function pending(member: Member, document: StatusDocument): string {
  const settings = pendingChanges(member, document).map(
    ({ name, running, configured }) => `${name} (${running} → ${configured})`,
  );
  return `${member.name} must be restarted for ${settings.length === 0 ? 'a setting' : some(settings)} to take effect`;
}

function shown(time: string): string {
  const milliseconds = moment(time);
  return milliseconds === undefined ? time : pointInTime(milliseconds);
}
