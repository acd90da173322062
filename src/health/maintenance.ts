import * as z from 'zod/mini';
import type { Member, StatusDocument } from '../document/schema.ts';
import type { Check, Remark } from './check.ts';
import { conclude } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { moment, pointInTime, some } from '../text/words.ts';

/** Is Patroni told to leave the cluster alone, and what is planned? */
export const maintenance: Check = ({ document }) => {
  if (isSkipped(document, 'patroni')) return undefined;
  const { node, cluster_status: cluster } = document;
  if (cluster.members.length === 0 && !node) return notKnown(document, 'patroni', 'maintenance');
  const paused = node?.paused === true || cluster['pause'] === true;
  const remarks: Remark[] = [
    paused
      ? { status: 'warning', text: 'Patroni is paused: nobody takes over if the leader fails' }
      : { status: 'ok', text: 'not paused' },
    ...plans(document).map((text) => ({ status: 'ok' as const, text })),
  ];
  return conclude(remarks);
};

function plans(document: StatusDocument): string[] {
  const { node, cluster_status: cluster } = document;
  return [
    ...switchover(cluster['scheduled_switchover']),
    ...cluster.members.flatMap(restart),
    ...cluster.members.flatMap((member) => (member['pending_restart'] === true ? [pending(member)] : [])),
    ...(cluster.members.length === 0 && node?.pending_restart
      ? [`${node.name ?? 'the node that was asked'} must be restarted for a setting to take effect`]
      : []),
  ];
}

const scheduledSwitchover = z.object({ at: z.string(), from: z.optional(z.string()), to: z.optional(z.string()) });

function switchover(value: unknown): string[] {
  const plan = z.safeParse(scheduledSwitchover, value).data;
  if (plan === undefined) return [];
  const from = plan.from === undefined ? '' : ` from ${plan.from}`;
  const to = plan.to === undefined ? '' : ` to ${plan.to}`;
  return [`a switchover${from}${to} is scheduled for ${shown(plan.at)}`];
}

const scheduledRestart = z.object({ schedule: z.string() });

function restart(member: Member): string[] {
  const plan = z.safeParse(scheduledRestart, member['scheduled_restart']).data;
  return plan === undefined ? [] : [`a restart of ${member.name} is scheduled for ${shown(plan.schedule)}`];
}

/** From Patroni 3.3 on it says which settings, and what they are and will be. */
const reasons = z.record(z.string(), z.object({ old_value: z.unknown(), new_value: z.unknown() }));

function pending(member: Member): string {
  const settings = Object.entries(z.safeParse(reasons, member['pending_restart_reason']).data ?? {}).map(
    ([name, change]) => `${name} (${String(change.old_value)} → ${String(change.new_value)})`,
  );
  return `${member.name} must be restarted for ${settings.length === 0 ? 'a setting' : some(settings)} to take effect`;
}

function shown(time: string): string {
  const milliseconds = moment(time);
  return milliseconds === undefined ? time : pointInTime(milliseconds);
}
