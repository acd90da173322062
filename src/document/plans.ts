import * as z from 'zod/mini';
import type { Member, StatusDocument } from './schema.ts';
import { ownWords } from './witnesses.ts';

const scheduledSwitchover = z.object({ at: z.string(), from: z.optional(z.string()), to: z.optional(z.string()) });

/** The scheduled switchover: when, and from which member to which, as far as Patroni reports it. */
export function plannedSwitchover({
  cluster_status: cluster,
}: Pick<StatusDocument, 'cluster_status'>): z.infer<typeof scheduledSwitchover> | undefined {
  return planned(scheduledSwitchover, cluster['scheduled_switchover']);
}

const scheduledRestart = z.object({ schedule: z.string() });

/** The time of the scheduled restart of the member, as Patroni prints it. */
export function plannedRestart(member: Member): string | undefined {
  return planned(scheduledRestart, member['scheduled_restart'])?.schedule;
}

/** Hardly any member has a plan, and zod describes at length what it does not find. */
function planned<Schema extends z.ZodMiniType>(schema: Schema, told: unknown): z.infer<Schema> | undefined {
  return told == null ? undefined : z.safeParse(schema, told).data;
}

/** A setting that waits for a restart: the running and the configured value. */
export interface PendingChange {
  name: string;
  running: string;
  configured: string;
}

const reasons = z.record(z.string(), z.object({ old_value: z.unknown(), new_value: z.unknown() }));

/** According to its own /patroni if it was asked, because /cluster is up to loop_wait older. */
export function isRestartPending(member: Member, document: StatusDocument): boolean {
  return ownWords(member, document)?.pending_restart ?? member['pending_restart'] === true;
}

/** The settings that wait for a restart of the member; empty if Patroni does not report them (before 3.3). */
export function pendingChanges(member: Member, document: StatusDocument): PendingChange[] {
  if (!isRestartPending(member, document)) return [];
  const told = ownWords(member, document)?.pending_restart_reason ?? member['pending_restart_reason'];
  return Object.entries(z.safeParse(reasons, told).data ?? {}).map(([name, change]) => ({
    name,
    running: String(change.old_value),
    configured: String(change.new_value),
  }));
}
